using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Orchestration.Rollout;

namespace VpsPilot.Functions.Tests.Deployments.Orchestration;

public sealed class CanaryTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_first_node_bakes_and_the_others_follow_by_themselves_when_it_was_good()
    {
        await using var rig = await StartAsync(new CanaryConfig { Nodes = 1, Bake = TimeSpan.FromMinutes(2) }, "web-1", "web-2", "web-3");
        var id = (await rig.PushAsync()).Id;
        await OrchestrationRig.UntilAsync(async () => (await rig.Store.GetAsync(id, default))!.Canary?.State == CanaryState.Baking);

        rig.Agents.Kinds.Where(k => k.StartsWith("activate", StringComparison.Ordinal)).ShouldBe(["activate web-1"]);
        (await rig.Store.GetAsync(id, default))!.Status.ShouldBe(DeploymentStatus.Watching);
        var ended = await rig.EndBeatingAsync(id, Step, () => rig.Agents.BeatAsync("web-1", id, new(1000, 3)));

        ended.Status.ShouldBe(DeploymentStatus.Succeeded);
        ended.Canary.ShouldNotBeNull().ShouldSatisfyAllConditions(c => c.State.ShouldBe(CanaryState.Promoted), c => c.Nodes.ShouldBe(["web-1"]), c => c.Traffic.ShouldBe(new TrafficCount(1000, 3)));
        (ended.FinishedAt!.Value - ended.StartedAt!.Value).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(2));
        rig.Agents.Kinds.TakeLast(2).ShouldBe(["activate web-2", "activate web-3"], ignoreOrder: true);
    }

    [Fact]
    public async Task Too_many_errors_end_it_before_the_bake_time_is_over()
    {
        await using var rig = await StartAsync(new CanaryConfig { Nodes = 1, Bake = TimeSpan.FromHours(20), MaxErrorRate = 5 }, "web-1", "web-2");
        var id = (await rig.PushAsync()).Id;

        var ended = await rig.EndBeatingAsync(id, TimeSpan.FromMinutes(2), () => rig.Agents.BeatAsync("web-1", id, new(100, 6)));

        ended.Status.ShouldBe(DeploymentStatus.RolledBack);
        ended.Failure!.ShouldSatisfyAllConditions(f => f.Step.ShouldBe("canary"), f => f.Kind.ShouldBe(FailureKind.Unhealthy));
        ended.Summary.ShouldBe("canary: 6 of 100 answers of the nodes that went first were errors, more than 5 percent. 1 node already switched went back to the earlier release.");
        ended.Canary!.State.ShouldBe(CanaryState.Aborted);
        (ended.FinishedAt!.Value - ended.StartedAt!.Value).ShouldBeLessThan(TimeSpan.FromHours(20));
        rig.Agents.Kinds.ShouldNotContain("activate web-2");
    }

    [Fact]
    public async Task It_is_compared_with_what_the_others_count_in_the_same_time()
    {
        await using var rig = await StartAsync(new CanaryConfig { Nodes = 1, Bake = TimeSpan.FromMinutes(2), MaxErrorRate = 50, MaxErrorRateAboveOthers = 3 }, "web-1", "web-2");
        await rig.Agents.BeatAsync("web-2", "earlier", new(10_000, 9_000));
        var id = (await rig.PushAsync()).Id;
        await OrchestrationRig.UntilAsync(async () => (await rig.Store.GetAsync(id, default))!.Canary?.JudgedAt is not null);

        var ended = await rig.EndBeatingAsync(id, Step, () => Task.WhenAll(rig.Agents.BeatAsync("web-1", id, new(100, 10)), rig.Agents.BeatAsync("web-2", "earlier", new(11_000, 9_010))));

        ended.Status.ShouldBe(DeploymentStatus.RolledBack);
        ended.Failure!.Message.ShouldBe("10 of 100 answers of the nodes that went first were errors, and 10 of 1000 of the others: more than 3 percent points apart.");
    }

    [Fact]
    public async Task A_node_that_is_not_heard_of_after_the_bake_time_is_no_proof()
    {
        await using var rig = await StartAsync(new CanaryConfig { Nodes = 1, Bake = TimeSpan.FromSeconds(30) }, "web-1", "web-2");
        var id = (await rig.PushAsync()).Id;

        var ended = await rig.EndBeatingAsync(id, Step, () => Task.CompletedTask);

        ended.Status.ShouldBe(DeploymentStatus.Failed);
        ended.Failure!.Kind.ShouldBe(FailureKind.Lost);
        rig.Agents.Kinds.ShouldNotContain("activate web-2");
        rig.Agents.Kinds.ShouldContain("roll-back web-1");
    }

    [Fact]
    public async Task A_node_that_went_back_by_itself_is_noticed()
    {
        await using var rig = await StartAsync(new CanaryConfig { Nodes = 1, Bake = TimeSpan.FromSeconds(30) }, "web-1", "web-2");
        var id = (await rig.PushAsync()).Id;

        var ended = await rig.EndBeatingAsync(id, Step, () => rig.Agents.BeatAsync("web-1", "earlier"));

        ended.Failure!.Message.ShouldBe("Node web-1 serves release earlier again.");
    }

    [Theory]
    [InlineData("failed", true, "Node web-1 has the release, but its unit is failed.")]
    [InlineData("active", false, "Node web-1 has the release, but through the edge it does not answer.")]
    [InlineData(null, false, "Node web-1 serves no release.")]
    public async Task An_app_that_died_after_its_watch_window_is_not_promoted(string? unit, bool answers, string message)
    {
        await using var rig = await StartAsync(new CanaryConfig { Nodes = 1, Bake = TimeSpan.FromSeconds(30) }, "web-1", "web-2");
        var id = (await rig.PushAsync()).Id;
        var serving = unit is null ? null : new ServingRelease(id, 7, new string('c', 40), "/nix/store/x", 21000) { UnitState = unit, Traffic = new(5, 0), AnsweredBy = answers ? id : null };

        var ended = await rig.EndBeatingAsync(id, Step, () => rig.Agents.BeatAsync("web-1", serving));

        ended.Status.ShouldBe(DeploymentStatus.RolledBack);
        ended.Failure!.Message.ShouldBe(message);
        rig.Agents.Kinds.ShouldNotContain("activate web-2");
    }

    [Fact]
    public async Task A_probe_that_answers_wrongly_sends_it_back()
    {
        await using var rig = await StartAsync(new CanaryConfig { Nodes = 1, Bake = TimeSpan.Zero, ProbeUrl = "http://127.0.0.1:1/" }, "web-1", "web-2");
        var id = (await rig.PushAsync()).Id;

        var ended = await rig.EndBeatingAsync(id, TimeSpan.FromSeconds(1), () => rig.Agents.BeatAsync("web-1", id));

        ended.Status.ShouldBe(DeploymentStatus.RolledBack);
        ended.Failure!.Message.ShouldStartWith("The probe http://127.0.0.1:1/ did not answer");
    }

    [Fact]
    public async Task With_an_approval_it_waits_for_a_person_and_says_so()
    {
        await using var rig = await StartAsync(new CanaryConfig { Nodes = 1, Bake = TimeSpan.FromSeconds(30), Approval = true }, "web-1", "web-2");
        var id = (await rig.PushAsync()).Id;
        (await rig.Store.ApproveAsync(id, "ann", default)).ShouldBeFalse();
        await rig.AdvanceUntilAsync(async () => (await rig.Store.GetAsync(id, default))!.Canary?.State == CanaryState.WaitingForApproval, Step, () => rig.Agents.BeatAsync("web-1", id));

        rig.Agents.Kinds.ShouldNotContain("activate web-2");
        (await rig.Store.ApproveAsync(id, "ann", default)).ShouldBeTrue();
        await rig.Client.RaiseEventAsync(id, CanaryPhase.ApproveEvent, "ann", default);

        var ended = await rig.EndAsync(id);
        ended.Status.ShouldBe(DeploymentStatus.Succeeded);
        ended.Canary!.ApprovedBy.ShouldBe("ann");
        (await rig.Store.ApproveAsync(id, "bob", default)).ShouldBeFalse();
    }

    [Fact]
    public async Task Without_an_approval_in_time_it_goes_back()
    {
        await using var rig = await StartAsync(new CanaryConfig { Nodes = 1, Bake = TimeSpan.Zero, Approval = true, ApprovalTimeout = TimeSpan.FromMinutes(5) }, "web-1", "web-2");
        var id = (await rig.PushAsync()).Id;

        var ended = await rig.EndBeatingAsync(id, Step, () => rig.Agents.BeatAsync("web-1", id));

        ended.Status.ShouldBe(DeploymentStatus.RolledBack);
        ended.Failure!.Step.ShouldBe("approval");
        rig.Agents.Kinds.ShouldNotContain("activate web-2");
    }

    [Fact]
    public async Task Canceling_aborts_it()
    {
        await using var rig = await StartAsync(new CanaryConfig { Nodes = 1, Bake = TimeSpan.FromHours(1) }, "web-1", "web-2");
        var id = (await rig.PushAsync()).Id;
        await OrchestrationRig.UntilAsync(async () => (await rig.Store.GetAsync(id, default))!.Canary?.State == CanaryState.Baking);

        await rig.CancelAsync(id);

        var ended = await rig.EndAsync(id);
        ended.Status.ShouldBe(DeploymentStatus.Canceled);
        ended.Canary!.State.ShouldBe(CanaryState.Aborted);
        rig.Agents.Kinds[^1].ShouldBe("roll-back web-1");
    }

    [Fact]
    public async Task On_a_single_node_the_release_gets_a_part_of_the_traffic_and_then_all_of_it()
    {
        await using var rig = await StartAsync(new CanaryConfig { Percent = 20, Bake = TimeSpan.FromMinutes(1) }, "web-1");
        var id = (await rig.PushAsync()).Id;

        var ended = await rig.EndBeatingAsync(id, Step, () => rig.Agents.BeatAsync("web-1", id, new(50, 0)));

        ended.Status.ShouldBe(DeploymentStatus.Succeeded);
        rig.Agents.Kinds.ShouldBe(["build web-1", "activate web-1", "confirm web-1"]);
        rig.Agents.Received[1].Body.ShouldBeOfType<ActivateCommand>().TrafficPercent.ShouldBe(20);
        rig.Agents.Received[2].Body.ShouldBeOfType<ConfirmCanaryCommand>().ReleaseId.ShouldBe(id);
    }

    [Fact]
    public async Task On_a_single_node_errors_of_its_part_of_the_traffic_take_it_back()
    {
        await using var rig = await StartAsync(new CanaryConfig { Percent = 20, Bake = TimeSpan.FromHours(1) }, "web-1");
        var id = (await rig.PushAsync()).Id;

        var ended = await rig.EndBeatingAsync(id, Step, () => rig.Agents.BeatAsync("web-1", id, new(50, 25)));

        ended.Status.ShouldBe(DeploymentStatus.RolledBack);
        rig.Agents.Kinds.ShouldBe(["build web-1", "activate web-1", "roll-back web-1"]);
    }

    private static async Task<OrchestrationRig> StartAsync(CanaryConfig canary, params string[] nodes)
    {
        var rig = await OrchestrationRig.StartAsync(nodes);
        rig.Agents.Answer = FakeAgents.SucceedWith(new DeploymentConfig { Rollout = RolloutKind.Canary, Canary = canary, OfflineWait = TimeSpan.FromDays(1) });
        return rig;
    }
}
