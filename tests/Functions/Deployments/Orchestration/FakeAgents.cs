using System.Collections.Concurrent;
using Microsoft.DurableTask.Client;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments.Events;

namespace VpsPilot.Functions.Tests.Deployments.Orchestration;

/// <summary>Agents that answer commands with signed events, through the real receiver, each event twice.</summary>
internal sealed class FakeAgents
{
    private readonly TestPlane plane;
    private readonly DurableTaskClient client;
    private readonly Dictionary<string, TestNode> nodes = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<CommandEnvelope> received = new();

    public FakeAgents(TestPlane plane, DurableTaskClient client)
    {
        (this.plane, this.client) = (plane, client);
        plane.Queues.OnCommand = ReceiveAsync;
    }

    /// <summary>The answer to a command; null for none. By default everything succeeds and a Cancel cancels the build.</summary>
    public Func<CommandEnvelope, CommandResult?> Answer { get; set; } = Succeed;

    /// <summary>Commands in the order in which they came.</summary>
    public IReadOnlyList<CommandEnvelope> Received => [.. received];

    public IReadOnlyList<string> Kinds => [.. received.Select(c => $"{c.CommandId.Split('.')[1]} {c.NodeId}")];

    public void Add(TestNode node) => nodes[node.Id] = node;

    /// <summary>The <c>deployment</c> block of the commits.</summary>
    public static DeploymentConfig Config { get; } = new() { Watch = TimeSpan.FromSeconds(10) };

    /// <summary>What a node says that it shares.</summary>
    public static SharedTree Tree(string nodeId) => new(nodeId, new string('a', 64), 5000, 20000);

    public static CommandResult Succeed(CommandEnvelope command) => command.Body switch
    {
        BuildCommand build => new() { Outcome = CommandOutcome.Succeeded, Built = new(build.Commit ?? new string('e', 40), "/nix/store/new", 1000, Config) { Subject = "A subject", Tree = build.ShareTree ? Tree(command.NodeId) : null } },
        ConfirmCanaryCommand confirm => new() { Outcome = CommandOutcome.Succeeded, Serving = new(confirm.ReleaseId, 7, new string('c', 40), "/nix/store/new", 21000) { Pid = 42 } },
        ActivateCommand activate => new() { Outcome = CommandOutcome.Succeeded, Serving = new(activate.ReleaseId, 7, new string('c', 40), "/nix/store/new", 21000) { Pid = 42 } },
        RollBackCommand => new() { Outcome = CommandOutcome.Succeeded, Serving = new("earlier", 6, new string('b', 40), "/nix/store/old", 21000) },
        _ => new() { Outcome = CommandOutcome.Succeeded },
    };

    public static CommandResult Fail(CommandOutcome outcome, string step, string message, FailureKind kind = FailureKind.Exit) =>
        new() { Outcome = outcome, Failure = new Failure(step, kind, message) };

    /// <summary>The same, with a <c>deployment</c> block in the commit.</summary>
    public static Func<CommandEnvelope, CommandResult?> SucceedWith(DeploymentConfig config) => command =>
        Succeed(command) is { Built: { } built } result ? result with { Built = built with { Deployment = config } } : Succeed(command);

    /// <summary>A heartbeat of a node that serves a release of <c>shop</c>.</summary>
    public Task BeatAsync(string nodeId, string releaseId = "earlier", TrafficCount? traffic = null) =>
        BeatAsync(nodeId, new ServingRelease(releaseId, 7, new string('c', 40), "/nix/store/x", 21000) { UnitState = "active", Traffic = traffic, AnsweredBy = traffic is null ? null : releaseId });

    /// <summary>A heartbeat of a node with what it serves of <c>shop</c>; null for nothing.</summary>
    public async Task BeatAsync(string nodeId, ServingRelease? serving)
    {
        await SendAsync(new CommandEnvelope { CommandId = "", NodeId = nodeId, IssuedAt = plane.Time.GetUtcNow(), ExpiresAt = plane.Time.GetUtcNow(), Body = new InspectCommand() }, new Heartbeat
        {
            AgentVersion = "1",
            Facts = TestData.Facts,
            Serving = serving is null ? new Dictionary<string, ServingRelease>(StringComparer.Ordinal) : new Dictionary<string, ServingRelease>(StringComparer.Ordinal) { ["shop"] = serving },
        });
    }

    /// <summary>Sends an event of a command as its node would.</summary>
    public async Task SendAsync(CommandEnvelope command, AgentEvent body)
    {
        var message = nodes[command.NodeId].Message(new EventEnvelope
        {
            EventId = Guid.NewGuid().ToString("N"),
            NodeId = command.NodeId,
            ProjectId = command.ProjectId,
            DeploymentId = command.DeploymentId,
            CommandId = command.CommandId,
            OccurredAt = plane.Time.GetUtcNow(),
            Body = body,
        });
        for (var delivery = 0; delivery < 2; delivery++)
        {
            await plane.Make<AgentEventsFunction>().AgentEvents(message, client, default);
        }
    }

    private async Task ReceiveAsync(CommandEnvelope command)
    {
        received.Enqueue(command);
        if (Answer(command) is { } result)
        {
            await SendAsync(command, result);
        }
    }
}
