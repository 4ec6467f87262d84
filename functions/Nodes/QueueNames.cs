namespace VpsPilot.Functions.Nodes;

/// <summary>Names of the queues.</summary>
internal static class QueueNames
{
    /// <summary>What all agents report to.</summary>
    public const string Events = "agent-events";

    /// <summary>Where forged events are put aside.</summary>
    public const string RefusedEvents = Events + "-refused";

    /// <summary>What one agent listens on; also the name of the node's rules.</summary>
    public static string OfNode(string nodeId) => "node-" + nodeId;
}
