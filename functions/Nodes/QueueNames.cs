namespace VpsPilot.Functions.Nodes;

/// <summary>Names of the queues.</summary>
internal static class QueueNames
{
    /// <summary>What all agents report to.</summary>
    public const string Events = "agent-events";

    /// <summary>What one agent listens on; also the name of the node's rules.</summary>
    public static string OfNode(string nodeId) => "node-" + nodeId;
}
