using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Orchestration;
using VpsPilot.Functions.Deployments.Orchestration.Rollout;

namespace VpsPilot.Functions.Tests.Deployments.Orchestration;

public sealed class LaneOrchestrationTests
{
    [Fact]
    public async Task A_canceled_build_is_stopped_on_the_node_and_ends_as_canceled()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        CancelAnswersTheBuild(rig);
        var id = (await rig.PushAsync()).Id;
        await OrchestrationRig.UntilAsync(() => Task.FromResult(rig.Agents.Kinds.Contains("build web-1")));

        var stop = new StopRequest(StopKind.Canceled, "ann");
        (await rig.Store.RequestStopAsync(id, stop, default)).ShouldBeTrue();
        await rig.Client.RaiseEventAsync(id, Turn.StopEvent, stop, default);

        var ended = await rig.EndAsync(id);
        ended.Status.ShouldBe(DeploymentStatus.Canceled);
        ended.Summary.ShouldBe("Canceled by ann.");
        rig.Agents.Kinds.ShouldBe(["build web-1", "cancel web-1"]);
        (await rig.Store.NodesAsync(id, default)).Single().Status.ShouldBe(NodeStatus.Canceled);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_a_cancel_holds_nobody_up_for_longer_than_the_grace()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        rig.Agents.Answer = _ => null;
        var id = (await rig.PushAsync()).Id;
        await OrchestrationRig.UntilAsync(() => Task.FromResult(rig.Agents.Kinds.Contains("build web-1")));
        var stop = new StopRequest(StopKind.Canceled, "ann");
        await rig.Store.RequestStopAsync(id, stop, default);
        await rig.Client.RaiseEventAsync(id, Turn.StopEvent, stop, default);
        await rig.SentAsync("cancel web-1");

        (await rig.EndLaterAsync(id, TimeSpan.FromMinutes(3))).Status.ShouldBe(DeploymentStatus.Canceled);
    }

    [Fact]
    public async Task A_push_waits_for_as_long_as_the_one_before_it_may_wait_for_an_approval()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");
        rig.Agents.Answer = FakeAgents.SucceedWith(new DeploymentConfig
        {
            Rollout = RolloutKind.Canary,
            OfflineWait = TimeSpan.FromDays(1),
            Canary = new() { Nodes = 1, Bake = TimeSpan.FromSeconds(10), Approval = true, ApprovalTimeout = TimeSpan.FromDays(3) },
        });
        var first = (await rig.PushAsync("a")).Id;
        await rig.AdvanceUntilAsync(async () => (await rig.Store.GetAsync(first, default))!.Canary?.State == CanaryState.WaitingForApproval, TimeSpan.FromSeconds(10), () => rig.Agents.BeatAsync("web-1", first));
        var second = (await rig.PushAsync("b")).Id;
        var end = rig.Plane.Time.GetUtcNow().AddHours(32);
        await rig.AdvanceUntilAsync(() => Task.FromResult(rig.Plane.Time.GetUtcNow() > end), TimeSpan.FromMinutes(5), () => rig.Agents.BeatAsync("web-1", first));
        (await rig.Store.GetAsync(second, default))!.Status.ShouldBe(DeploymentStatus.Queued);

        (await rig.Store.ApproveAsync(first, "ann", default)).ShouldBeTrue();
        await rig.Client.RaiseEventAsync(first, CanaryPhase.ApproveEvent, "ann", default);

        (await rig.EndAsync(first)).Status.ShouldBe(DeploymentStatus.Succeeded);
        await rig.AdvanceUntilAsync(async () => (await rig.Store.GetAsync(second, default))!.Canary?.State == CanaryState.WaitingForApproval, TimeSpan.FromSeconds(10), () => rig.Agents.BeatAsync("web-1", second));
    }

    [Fact]
    public async Task A_newer_push_supersedes_one_that_builds()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        CancelAnswersTheBuild(rig, onlyCommit: 'a');
        var first = (await rig.PushAsync("a")).Id;
        await OrchestrationRig.UntilAsync(() => Task.FromResult(rig.Agents.Kinds.Contains("build web-1")));

        var second = (await rig.PushAsync("b")).Id;

        (await rig.EndAsync(second)).Status.ShouldBe(DeploymentStatus.Succeeded);
        var superseded = await rig.EndAsync(first);
        superseded.Status.ShouldBe(DeploymentStatus.Superseded);
        superseded.Summary.ShouldBe($"Superseded by deployment {second}.");
        rig.Agents.Kinds.ShouldBe(["build web-1", "cancel web-1", "build web-1", "activate web-1"]);
    }

    [Fact]
    public async Task What_activates_finishes_first_and_only_the_newest_of_those_that_wait_follows()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        CommandEnvelope? held = null;
        rig.Agents.Answer = c =>
        {
            if (c.Body is ActivateCommand && held is null)
            {
                held = c;
                return null;
            }

            return FakeAgents.Succeed(c);
        };
        var first = (await rig.PushAsync("a")).Id;
        await OrchestrationRig.UntilAsync(() => Task.FromResult(held is not null));
        var second = (await rig.PushAsync("b")).Id;
        var third = (await rig.PushAsync("d")).Id;
        (await rig.EndAsync(second)).Status.ShouldBe(DeploymentStatus.Superseded);
        (await rig.Store.GetAsync(third, default))!.Status.ShouldBe(DeploymentStatus.Queued);

        await rig.Agents.SendAsync(held!, FakeAgents.Succeed(held!));

        (await rig.EndAsync(first)).Status.ShouldBe(DeploymentStatus.Succeeded);
        (await rig.EndAsync(third)).Status.ShouldBe(DeploymentStatus.Succeeded);
        rig.Agents.Received.Where(c => c.Body is ActivateCommand).Select(c => c.DeploymentId).ShouldBe([first, third]);
    }

    [Fact]
    public async Task Twenty_pushes_at_once_end_with_the_last_commit_serving_and_none_stuck()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        CancelAnswersTheBuild(rig, onlyCommit: '-');
        var ids = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add((await rig.PushAsync()).Id);
        }

        var ended = await Task.WhenAll(ids.Select(rig.EndAsync));

        ended[^1].Status.ShouldBe(DeploymentStatus.Succeeded);
        ended.ShouldAllBe(d => d.Status == DeploymentStatus.Succeeded || d.Status == DeploymentStatus.Superseded);
        rig.Agents.Received.Last(c => c.Body is ActivateCommand).DeploymentId.ShouldBe(ids[^1]);
        (await rig.Plane.Get<VpsPilot.Functions.Deployments.Lanes.LaneStore>().GetAsync("shop", default)).Active.ShouldBeNull();
    }

    [Fact]
    public async Task A_rollback_sends_every_node_back_and_says_to_what()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");

        var ended = await rig.EndAsync((await rig.PushAsync(null, DeploymentTrigger.Rollback, rollBackTo: new(6, null))).Id);

        ended.Status.ShouldBe(DeploymentStatus.Succeeded);
        ended.Summary.ShouldBe("Back to generation 6 (bbbbbbbbbbbb) on 2 nodes.");
        ended.Commit.ShouldBe(new string('b', 40));
        rig.Agents.Received.Select(c => (c.Body as RollBackCommand)?.Generation).ShouldBe([6, 6]);
    }

    [Fact]
    public async Task A_deployment_whose_orchestration_was_ended_from_outside_does_not_block_the_next()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        rig.Agents.Answer = c => c.Body is BuildCommand { Commit: [var letter, ..] } && letter == 'a' ? null : FakeAgents.Succeed(c);
        var first = (await rig.PushAsync("a")).Id;
        await OrchestrationRig.UntilAsync(() => Task.FromResult(rig.Agents.Kinds.Contains("build web-1")));
        await rig.Client.TerminateInstanceAsync(first, default(CancellationToken));
        await rig.Client.WaitForInstanceCompletionAsync(first, default(CancellationToken)).WaitAsync(TimeSpan.FromSeconds(10));

        var second = (await rig.PushAsync("b")).Id;

        (await rig.EndAsync(second)).Status.ShouldBe(DeploymentStatus.Succeeded);
        (await rig.Store.GetAsync(first, default))!.Status.ShouldBe(DeploymentStatus.Failed);
    }

    /// <summary>Builds (of one commit, or of all but "-") wait; a Cancel makes them answer that they were canceled.</summary>
    private static void CancelAnswersTheBuild(OrchestrationRig rig, char? onlyCommit = null) => rig.Agents.Answer = command =>
    {
        if (command.Body is CancelCommand && rig.Agents.Received.LastOrDefault(c => c.Body is BuildCommand && c.DeploymentId == command.DeploymentId) is { } build)
        {
            _ = rig.Agents.SendAsync(build, new CommandResult { Outcome = CommandOutcome.Canceled });
        }

        return command.Body is BuildCommand { Commit: [var letter, ..] } && (onlyCommit is null || letter == onlyCommit) ? null : FakeAgents.Succeed(command);
    };
}
