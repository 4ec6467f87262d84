using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments;

namespace VpsPilot.Functions.Tests.Deployments.Orchestration;

public sealed class CancelTests
{
    [Fact]
    public async Task A_deployment_canceled_while_it_switches_puts_everything_back_and_ends_as_canceled()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2", "web-3");
        CommandEnvelope? held = null;
        rig.Agents.Answer = c =>
        {
            switch (c)
            {
                case { NodeId: "web-2", Body: ActivateCommand }:
                    held = c;
                    return null;
                case { Body: CancelCommand }:
                    _ = rig.Agents.SendAsync(held!, new CommandResult { Outcome = CommandOutcome.Canceled });
                    return FakeAgents.Succeed(c);
                default:
                    return FakeAgents.Succeed(c);
            }
        };
        var id = (await rig.PushAsync()).Id;
        await rig.SentAsync("activate web-2");

        await rig.CancelAsync(id);

        var ended = await rig.EndAsync(id);
        ended.Status.ShouldBe(DeploymentStatus.Canceled);
        ended.Summary.ShouldBe("Canceled by ann. 1 node already switched went back to the earlier release.");
        rig.Agents.Kinds.Skip(5).ShouldBe(["cancel web-2", "roll-back web-1"]);
        (await rig.Store.NodesAsync(id, default)).Select(n => n.Status).ShouldBe([NodeStatus.RolledBack, NodeStatus.Canceled, NodeStatus.Built]);
    }

    [Fact]
    public async Task A_cancel_that_comes_with_the_last_nodes_answer_still_takes_everything_back()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        string? id = null;
        rig.Agents.Answer = c =>
        {
            if (c.Body is ActivateCommand)
            {
                // Written before the orchestration hears of the success, and its event is lost with the process that should have sent it.
                rig.Store.RequestStopAsync(id!, new(StopKind.Canceled, "ann"), default).GetAwaiter().GetResult().ShouldBeTrue();
            }

            return FakeAgents.Succeed(c);
        };
        id = DeploymentIds.New(rig.Plane.Time.GetUtcNow());
        await rig.PushAsync(id: id);

        var ended = await rig.EndAsync(id);

        ended.Status.ShouldBe(DeploymentStatus.Canceled);
        rig.Agents.Kinds.ShouldBe(["build web-1", "activate web-1", "roll-back web-1"]);
    }

    [Fact]
    public async Task A_deployment_canceled_while_it_waits_for_its_turn_ends_at_once()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        rig.Agents.Answer = c => c.Body is ActivateCommand ? null : FakeAgents.Succeed(c);
        await rig.PushAsync("a");
        await rig.SentAsync("activate web-1");
        var waiting = (await rig.PushAsync("b")).Id;
        await OrchestrationRig.UntilAsync(async () => (await rig.Plane.Get<VpsPilot.Functions.Deployments.Lanes.LaneStore>().GetAsync("shop", default)).Waiting.Count == 1);

        await rig.CancelAsync(waiting);

        (await rig.EndAsync(waiting)).Status.ShouldBe(DeploymentStatus.Canceled);
        rig.Agents.Kinds.ShouldBe(["build web-1", "activate web-1"]);
    }

    [Fact]
    public async Task A_canceled_deployment_whose_node_failed_meanwhile_is_canceled_and_says_both()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        rig.Agents.Answer = c => c.Body is ActivateCommand ? null : FakeAgents.Succeed(c);
        var id = (await rig.PushAsync()).Id;
        await rig.SentAsync("activate web-1");
        var activate = rig.Agents.Received[^1];

        (await rig.Store.RequestStopAsync(id, new(StopKind.Canceled, "ann"), default)).ShouldBeTrue();
        await rig.Agents.SendAsync(activate, FakeAgents.Fail(CommandOutcome.RolledBack, "watch", "it crashed"));

        var ended = await rig.EndAsync(id);
        ended.Status.ShouldBe(DeploymentStatus.Canceled);
        ended.Summary.ShouldBe("Canceled by ann. watch: it crashed. The earlier release was put back and serves.");
        ended.Failure!.Step.ShouldBe("watch");
    }

    [Fact]
    public async Task A_canceled_rollback_sends_nodes_forward_again_to_what_they_served()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");
        await rig.Agents.BeatAsync("web-1", "newer");
        await rig.Agents.BeatAsync("web-2", "newer");
        CommandEnvelope? held = null;
        rig.Agents.Answer = c =>
        {
            switch (c)
            {
                case { NodeId: "web-2", Body: RollBackCommand { ReleaseId: null } }:
                    held = c;
                    return null;
                case { Body: CancelCommand }:
                    _ = rig.Agents.SendAsync(held!, new CommandResult { Outcome = CommandOutcome.Canceled });
                    return FakeAgents.Succeed(c);
                default:
                    return FakeAgents.Succeed(c);
            }
        };
        var id = (await rig.PushAsync(null, DeploymentTrigger.Rollback, rollBackTo: new(null, null))).Id;
        await OrchestrationRig.UntilAsync(async () => held is not null && (await rig.Store.NodesAsync(id, default))[0].Status == NodeStatus.Succeeded);

        await rig.CancelAsync(id);

        (await rig.EndAsync(id)).Status.ShouldBe(DeploymentStatus.Canceled);
        rig.Agents.Received[^1].ShouldSatisfyAllConditions(c => c.NodeId.ShouldBe("web-1"), c => c.Body.ShouldBeOfType<RollBackCommand>().ReleaseId.ShouldBe("newer"));
    }
}
