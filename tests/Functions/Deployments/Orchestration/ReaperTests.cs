using VpsPilot.Contracts.Commands;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Dispatch;
using VpsPilot.Functions.Deployments.Lanes;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Tests.Deployments.Orchestration;

public sealed class ReaperTests
{
    [Fact]
    public async Task A_deployment_whose_orchestration_is_gone_gets_an_end_its_nodes_are_told_and_the_lane_is_free()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");
        rig.Agents.Answer = c => c is { NodeId: "web-2", Body: ActivateCommand } ? null : FakeAgents.Succeed(c);
        var id = (await rig.PushAsync()).Id;
        await rig.SentAsync("activate web-2");
        await rig.Client.TerminateInstanceAsync(id, default(CancellationToken));
        await rig.Client.WaitForInstanceCompletionAsync(id, default(CancellationToken)).WaitAsync(TimeSpan.FromSeconds(20));
        rig.Plane.Time.Advance(TimeSpan.FromMinutes(3));

        await rig.Plane.Get<DeploymentReaper>().RunAsync(rig.Client, default);

        (await rig.Store.GetAsync(id, default))!.ShouldSatisfyAllConditions(d => d.Status.ShouldBe(DeploymentStatus.Failed), d => d.FinishedAt.ShouldNotBeNull());
        (await rig.Store.NodesAsync(id, default)).Select(n => n.Status).ShouldBe([NodeStatus.Succeeded, NodeStatus.Lost]);
        rig.Agents.Kinds.Skip(4).ShouldBe(["cancel web-1", "roll-back web-1", "cancel web-2", "roll-back web-2"]);
        rig.Agents.Received[^1].Body.ShouldBeOfType<RollBackCommand>().IfServing.ShouldBe(id);
        (await rig.Plane.Get<LaneStore>().GetAsync("shop", default)).Active.ShouldBeNull();
        (await rig.Plane.Get<OpenDeployments>().ListAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_node_that_cannot_be_told_now_is_told_in_a_later_round_and_only_then_it_ends()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");
        rig.Agents.Answer = c => c is { NodeId: "web-2", Body: ActivateCommand } ? null : FakeAgents.Succeed(c);
        var id = (await rig.PushAsync()).Id;
        await rig.SentAsync("activate web-2");
        await rig.Client.TerminateInstanceAsync(id, default(CancellationToken));
        await rig.Client.WaitForInstanceCompletionAsync(id, default(CancellationToken)).WaitAsync(TimeSpan.FromSeconds(20));
        rig.Plane.Time.Advance(TimeSpan.FromMinutes(3));

        rig.Agents.Answer = c => c.NodeId == "web-2" ? throw new QueueException(QueueError.Unreachable, "no connection") : FakeAgents.Succeed(c);
        await rig.Plane.Get<DeploymentReaper>().RunAsync(rig.Client, default);

        (await rig.Store.GetAsync(id, default))!.FinishedAt.ShouldBeNull();
        (await rig.Plane.Get<OpenDeployments>().ListAsync(default)).ShouldBe([id]);

        rig.Agents.Answer = FakeAgents.Succeed;
        await rig.Plane.Get<DeploymentReaper>().RunAsync(rig.Client, default);

        (await rig.Store.GetAsync(id, default))!.Status.ShouldBe(DeploymentStatus.Failed);
        rig.Agents.Kinds[^1].ShouldBe("roll-back web-2");
        rig.Agents.Received.Where(c => c.Body is RollBackCommand).Select(c => c.CommandId).Distinct().Count().ShouldBe(2);
        (await rig.Plane.Get<OpenDeployments>().ListAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_lives_and_what_has_ended_is_left_alone()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        var ended = (await rig.PushAsync()).Id;
        await rig.EndAsync(ended);
        rig.Agents.Answer = _ => null;
        var living = (await rig.PushAsync()).Id;
        await OrchestrationRig.UntilAsync(() => Task.FromResult(rig.Agents.Received.Any(c => c.DeploymentId == living)));
        rig.Plane.Time.Advance(TimeSpan.FromMinutes(3));

        await rig.Plane.Get<DeploymentReaper>().RunAsync(rig.Client, default);

        (await rig.Store.GetAsync(ended, default))!.Status.ShouldBe(DeploymentStatus.Succeeded);
        (await rig.Store.GetAsync(living, default))!.Status.ShouldBe(DeploymentStatus.Building);
        (await rig.Plane.Get<OpenDeployments>().ListAsync(default)).ShouldBe([living]);
    }
}
