using System.Collections.Concurrent;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments;

namespace VpsPilot.Functions.Tests.Deployments.Orchestration.Rollout;

/// <summary>Every way to roll out, broken on each node in turn: what was switched goes back, what was not is never touched, and each node tells which.</summary>
public sealed class WhereItBreaksTests
{
    private static readonly string[] Nodes = ["web-1", "web-2", "web-3"];

    public static TheoryData<RolloutKind, string, CommandOutcome> Activations()
    {
        var cases = new TheoryData<RolloutKind, string, CommandOutcome>();
        foreach (var kind in Enum.GetValues<RolloutKind>())
        {
            foreach (var node in Nodes)
            {
                cases.Add(kind, node, CommandOutcome.RolledBack);
                cases.Add(kind, node, CommandOutcome.Failed);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public async Task A_release_that_is_bad_on_one_node_goes_back_on_all_that_were_switched(RolloutKind kind, string bad, CommandOutcome outcome)
    {
        await using var rig = await OrchestrationRig.StartAsync(Nodes);
        var switched = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var config = new DeploymentConfig { Rollout = kind, Canary = new() { Nodes = 1, Bake = TimeSpan.Zero } };
        rig.Agents.Answer = c =>
        {
            if (c.Body is ActivateCommand && c.NodeId == bad)
            {
                return FakeAgents.Fail(outcome, Stages.Health, "no answer", FailureKind.Unhealthy);
            }

            _ = c.Body is ActivateCommand && switched.TryAdd(c.NodeId, true);
            return FakeAgents.SucceedWith(config)(c);
        };

        var id = (await rig.PushAsync()).Id;
        var ended = await rig.EndBeatingAsync(id, TimeSpan.FromSeconds(1), () => rig.Agents.BeatAsync(Nodes[0], id));

        ended.Status.ShouldBe(outcome == CommandOutcome.RolledBack || !switched.IsEmpty ? DeploymentStatus.RolledBack : DeploymentStatus.Failed, ended.Summary);
        ended.Failure!.Step.ShouldBe(Stages.Health);
        ended.Summary!.ShouldContain($"(on node {bad})");
        rig.Agents.Received.Where(c => c.Body is RollBackCommand { IfServing: { } release } && release == id).Select(c => c.NodeId).ShouldBe(switched.Keys, ignoreOrder: true);
        var rows = await rig.Store.NodesAsync(id, default);
        rows.Where(n => switched.ContainsKey(n.NodeId)).ShouldAllBe(n => n.Status == NodeStatus.RolledBack);
        rows.Single(n => n.NodeId == bad).Status.ShouldBe(outcome == CommandOutcome.RolledBack ? NodeStatus.RolledBack : NodeStatus.Failed);
        rows.ShouldAllBe(n => n.Status != NodeStatus.Succeeded);
        if (kind == RolloutKind.Rolling || (kind == RolloutKind.Canary && bad == Nodes[0]))
        {
            switched.Keys.ShouldBe(Nodes.TakeWhile(n => n != bad), ignoreOrder: true);
        }
    }

    [Theory]
    [InlineData(RolloutKind.All, "web-1")]
    [InlineData(RolloutKind.All, "web-3")]
    [InlineData(RolloutKind.Rolling, "web-1")]
    [InlineData(RolloutKind.Rolling, "web-3")]
    [InlineData(RolloutKind.Canary, "web-1")]
    [InlineData(RolloutKind.Canary, "web-3")]
    public async Task A_build_that_fails_on_one_node_switches_nothing_anywhere(RolloutKind kind, string bad)
    {
        await using var rig = await OrchestrationRig.StartAsync(Nodes);
        rig.Agents.Answer = c => c.Body is BuildCommand && c.NodeId == bad
            ? FakeAgents.Fail(CommandOutcome.Failed, Stages.Compile, "exit code 1")
            : FakeAgents.SucceedWith(new DeploymentConfig { Rollout = kind })(c);

        var ended = await rig.EndAsync((await rig.PushAsync()).Id);

        ended.Status.ShouldBe(DeploymentStatus.Failed);
        ended.Summary!.ShouldEndWith($"(on node {bad}). Nothing that serves was touched.");
        rig.Agents.Received.ShouldAllBe(c => c.Body is BuildCommand || c.Body is CancelCommand);
    }
}
