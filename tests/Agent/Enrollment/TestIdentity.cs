using VpsPilot.Agent.Enrollment;
using VpsPilot.Contracts.Enrollment;

namespace VpsPilot.Agent.Tests.Enrollment;

internal static class TestIdentity
{
    public static EnrollResponse Response(string endpoint = "amqp://127.0.0.1:5672", string commandKey = "key") => new()
    {
        NodeId = "n1",
        QueueEndpoint = endpoint,
        Commands = new QueueCredential("node-n1", "node-n1", "listen-key"),
        Events = new QueueCredential("agent-events", "node-n1", "send-key"),
        CommandKey = commandKey,
        AgentToken = "agent-token-1",
    };

    public static Identity For(Uri controlPlane) => new(controlPlane, Response(), "hash");
}
