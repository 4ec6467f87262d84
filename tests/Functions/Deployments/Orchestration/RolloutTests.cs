using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Tests.Deployments.Orchestration;

public sealed class RolloutTests
{
    [Fact]
    public async Task All_at_once_switches_every_node_before_any_has_answered()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2", "web-3");
        var held = Hold(rig, new DeploymentConfig { Rollout = RolloutKind.All });
        var id = (await rig.PushAsync()).Id;

        await OrchestrationRig.UntilAsync(() => Task.FromResult(held.Count == 3));
        await Task.WhenAll(held.ToArray().Select(c => rig.Agents.SendAsync(c, FakeAgents.Succeed(c))));

        (await rig.EndAsync(id)).Status.ShouldBe(DeploymentStatus.Succeeded);
    }

    [Fact]
    public async Task Rolling_switches_a_batch_when_the_one_before_it_is_done_and_the_pause_is_over()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2", "web-3");
        rig.Agents.Answer = FakeAgents.SucceedWith(new DeploymentConfig { Rolling = new() { Batch = 2, Pause = TimeSpan.FromMinutes(3) } });
        var id = (await rig.PushAsync()).Id;
        await OrchestrationRig.UntilAsync(async () => (await rig.Store.NodesAsync(id, default)).Count(n => n.Status == NodeStatus.Succeeded) == 2);

        rig.Agents.Kinds.ShouldNotContain("activate web-3");
        var ended = await rig.EndLaterAsync(id, TimeSpan.FromMinutes(10));

        ended.Status.ShouldBe(DeploymentStatus.Succeeded);
        (ended.FinishedAt!.Value - ended.StartedAt!.Value).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(3));
        rig.Agents.Kinds[^1].ShouldBe("activate web-3");
    }

    [Fact]
    public async Task The_project_may_decide_over_the_commit_how_nodes_follow_each_other()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");
        await rig.Plane.Get<ProjectStore>().UpdateAsync("shop", p => p with { Deployment = """{"rollout": "all"}""" }, default);
        var held = Hold(rig, new DeploymentConfig());
        var id = (await rig.PushAsync()).Id;

        await OrchestrationRig.UntilAsync(() => Task.FromResult(held.Count == 2));
        await Task.WhenAll(held.ToArray().Select(c => rig.Agents.SendAsync(c, FakeAgents.Succeed(c))));

        (await rig.EndAsync(id)).Status.ShouldBe(DeploymentStatus.Succeeded);
    }

    [Fact]
    public async Task When_one_of_a_batch_fails_the_others_stop_at_once_and_everything_that_was_switched_goes_back()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2", "web-3", "web-4");
        CommandEnvelope? watching = null;
        rig.Agents.Answer = c =>
        {
            switch (c)
            {
                case { NodeId: "web-3", Body: ActivateCommand }:
                    watching = c;
                    return null;
                case { NodeId: "web-3", Body: CancelCommand }:
                    _ = rig.Agents.SendAsync(watching!, new CommandResult { Outcome = CommandOutcome.Canceled });
                    return FakeAgents.Succeed(c);
                case { NodeId: "web-2", Body: ActivateCommand }:
                    return FakeAgents.Fail(CommandOutcome.RolledBack, "watch", "it crashed", FailureKind.Unhealthy);
                default:
                    return FakeAgents.SucceedWith(new DeploymentConfig { Rollout = RolloutKind.Canary, Canary = new() { Nodes = 1, Bake = TimeSpan.Zero } })(c);
            }
        };

        var id = (await rig.PushAsync()).Id;
        var ended = await rig.EndBeatingAsync(id, TimeSpan.FromSeconds(1), () => rig.Agents.BeatAsync("web-1", id));

        ended.Status.ShouldBe(DeploymentStatus.RolledBack);
        ended.Failure!.Step.ShouldBe("watch");
        ended.Summary.ShouldBe("watch: it crashed (on node web-2). 2 nodes already switched went back to the earlier release.");
        rig.Agents.Kinds.Where(k => k.StartsWith("roll-back", StringComparison.Ordinal)).ShouldBe(["roll-back web-1", "roll-back web-4"], ignoreOrder: true);
        (await rig.Store.NodesAsync(id, default)).Select(n => n.Status).ShouldBe([NodeStatus.RolledBack, NodeStatus.RolledBack, NodeStatus.Canceled, NodeStatus.RolledBack]);
    }

    [Fact]
    public async Task A_node_that_could_not_be_put_back_is_named()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");
        rig.Agents.Answer = c => c switch
        {
            { NodeId: "web-2", Body: ActivateCommand } => FakeAgents.Fail(CommandOutcome.Failed, "health", "no answer"),
            { Body: RollBackCommand } => FakeAgents.Fail(CommandOutcome.Failed, "roll-back", "the earlier release is gone"),
            _ => FakeAgents.Succeed(c),
        };

        var ended = await rig.EndAsync((await rig.PushAsync()).Id);

        ended.Status.ShouldBe(DeploymentStatus.Failed);
        ended.Summary!.ShouldEndWith("These nodes could not be put back: web-1.");
        (await rig.Store.NodesAsync(ended.Id, default))[0].Failure!.Message.ShouldBe("the earlier release is gone");
    }

    [Fact]
    public async Task More_nodes_than_a_group_holds_are_built_and_switched_in_several()
    {
        var nodes = Enumerable.Range(0, 120).Select(i => $"n{i:000}").ToArray();
        await using var rig = await OrchestrationRig.StartAsync(nodes);
        rig.Agents.Answer = FakeAgents.SucceedWith(new DeploymentConfig { Rolling = new() { Batch = 70 } });

        var ended = await rig.EndAsync((await rig.PushAsync(commit: null)).Id);

        ended.Status.ShouldBe(DeploymentStatus.Succeeded);
        ended.Summary.ShouldBe("eeeeeeeeeeee serves on 120 nodes.");
        rig.Agents.Received.Where(c => c.Body is ActivateCommand).Select(c => c.NodeId).ShouldBe(nodes, ignoreOrder: true);
    }

    /// <summary>Activations are kept until the test answers them.</summary>
    private static System.Collections.Concurrent.ConcurrentQueue<CommandEnvelope> Hold(OrchestrationRig rig, DeploymentConfig config)
    {
        var held = new System.Collections.Concurrent.ConcurrentQueue<CommandEnvelope>();
        rig.Agents.Answer = c =>
        {
            if (c.Body is not ActivateCommand)
            {
                return FakeAgents.SucceedWith(config)(c);
            }

            held.Enqueue(c);
            return null;
        };
        return held;
    }
}
