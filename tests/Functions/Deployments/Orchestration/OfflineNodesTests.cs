using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Functions.Deployments;

namespace VpsPilot.Functions.Tests.Deployments.Orchestration;

public sealed class OfflineNodesTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_node_that_stays_offline_fails_the_deployment_after_the_wait_and_nothing_is_switched()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");
        rig.Agents.Answer = Silent("web-2", new DeploymentConfig { OfflineWait = TimeSpan.FromMinutes(10) });
        var id = (await rig.PushAsync()).Id;
        await OrchestrationRig.UntilAsync(async () => (await rig.Store.GetAsync(id, default))!.Config is not null);

        var ended = await rig.EndBeatingAsync(id, Step, () => rig.Agents.BeatAsync("web-1"));

        ended.Status.ShouldBe(DeploymentStatus.Failed);
        ended.Failure!.Kind.ShouldBe(FailureKind.Lost);
        ended.Summary.ShouldBe("build: Node web-2 is offline, and was waited for (on node web-2). Nothing that serves was touched.");
        (ended.FinishedAt!.Value - ended.StartedAt!.Value).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(10));
        rig.Agents.Kinds.ShouldNotContain("activate web-1");
    }

    [Fact]
    public async Task Where_the_config_says_so_the_deployment_goes_on_without_it()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2", "web-3");
        rig.Agents.Answer = Silent("web-2", new DeploymentConfig { OfflineWait = TimeSpan.Zero, OfflineNodes = OfflineNodes.Exclude });
        var id = (await rig.PushAsync()).Id;
        await OrchestrationRig.UntilAsync(async () => (await rig.Store.NodesAsync(id, default)).Count(n => n.Status == NodeStatus.Built) == 2);

        var ended = await rig.EndBeatingAsync(id, Step, () => Task.WhenAll(rig.Agents.BeatAsync("web-1"), rig.Agents.BeatAsync("web-3")));

        ended.Status.ShouldBe(DeploymentStatus.Succeeded);
        ended.Summary.ShouldBe("cccccccccccc serves on 2 nodes. Offline, and left out: web-2.");
        rig.Agents.Kinds.ShouldContain("cancel web-2");
        (await rig.Store.NodesAsync(id, default)).Select(n => n.Status).ShouldBe([NodeStatus.Succeeded, NodeStatus.Excluded, NodeStatus.Succeeded]);
    }

    [Fact]
    public async Task A_wait_that_is_longer_than_the_limit_of_a_build_is_kept_and_the_order_holds_for_it()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");
        rig.Agents.Answer = Silent("web-2", new DeploymentConfig { OfflineWait = TimeSpan.FromHours(1), OfflineNodes = OfflineNodes.Exclude });
        var id = (await rig.PushAsync()).Id;
        await OrchestrationRig.UntilAsync(async () => (await rig.Store.GetAsync(id, default))!.Config is not null);

        var ended = await rig.EndBeatingAsync(id, Step, () => rig.Agents.BeatAsync("web-1"));

        ended.Summary.ShouldBe("cccccccccccc serves on 1 node. Offline, and left out: web-2.");
        (ended.FinishedAt!.Value - ended.StartedAt!.Value).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromHours(1));
        var (build, cancel) = (rig.Agents.Received.First(c => c is { NodeId: "web-2", Body: BuildCommand }), rig.Agents.Received.First(c => c is { NodeId: "web-2", Body: CancelCommand }));
        build.ExpiresAt.ShouldBeGreaterThan(cancel.IssuedAt);
        cancel.ExpiresAt.ShouldBeGreaterThan(build.ExpiresAt);
    }

    [Fact]
    public async Task A_node_that_comes_back_within_the_wait_takes_part()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");
        CommandEnvelope? build = null;
        rig.Agents.Answer = c =>
        {
            if (build is null && c is { NodeId: "web-2" })
            {
                build = c;
                return null;
            }

            return FakeAgents.Succeed(c);
        };
        var id = (await rig.PushAsync()).Id;
        await rig.SentAsync("build web-2");
        var began = rig.Plane.Time.GetUtcNow();
        await rig.AdvanceUntilAsync(() => Task.FromResult(build is not null && rig.Plane.Time.GetUtcNow() - began > TimeSpan.FromMinutes(3)), Step, () => rig.Agents.BeatAsync("web-1"));

        await rig.Agents.SendAsync(build!, FakeAgents.Succeed(build!));

        (await rig.EndAsync(id)).Status.ShouldBe(DeploymentStatus.Succeeded);
    }

    [Fact]
    public async Task A_node_that_vanishes_while_it_switches_ends_the_deployment_in_a_bounded_time_and_the_others_go_back()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");
        rig.Agents.Answer = c => c is { NodeId: "web-2", Body: not BuildCommand } ? null : FakeAgents.Succeed(c);
        var id = (await rig.PushAsync()).Id;
        await rig.SentAsync("activate web-2");

        var ended = await rig.EndBeatingAsync(id, Step, () => rig.Agents.BeatAsync("web-1"));

        ended.Status.ShouldBe(DeploymentStatus.Failed);
        ended.Failure!.Message.ShouldBe("Node web-2 is offline, and was waited for.");
        rig.Agents.Kinds.Skip(4).ShouldBe(["cancel web-2", "roll-back web-1", "roll-back web-2"], ignoreOrder: true);
        (await rig.Store.NodesAsync(id, default)).Select(n => n.Status).ShouldBe([NodeStatus.RolledBack, NodeStatus.Lost]);
    }

    private static Func<CommandEnvelope, Contracts.Events.CommandResult?> Silent(string node, DeploymentConfig config) =>
        c => c.NodeId == node ? null : FakeAgents.SucceedWith(config)(c);
}
