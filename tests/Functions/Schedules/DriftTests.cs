using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Notices;
using VpsPilot.Functions.Notices.Outbox;
using VpsPilot.Functions.Operations;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Schedules;

namespace VpsPilot.Functions.Tests.Schedules;

public sealed class DriftTests : IAsyncLifetime
{
    private static readonly ServingRelease Wanted = new("r2", 2, new string('b', 40), "/nix/store/b", 21000);

    private readonly TestPlane plane = new();

    [Fact]
    public async Task What_serves_as_deployed_is_no_drift()
    {
        await DeployedAsync();
        await BeatAsync(Wanted with { AnsweredBy = "r2" });

        (await ReadAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("r1", null)]
    [InlineData("r2", "r1")]
    [InlineData(null, null)]
    public async Task Another_release_another_answer_through_the_edge_and_nothing_are_drift(string? release, string? answeredBy)
    {
        await DeployedAsync();
        await BeatAsync(release is null ? null : Wanted with { ReleaseId = release, AnsweredBy = answeredBy });

        var drift = (await ReadAsync()).ShouldHaveSingleItem();

        drift.WantedRelease.ShouldBe("r2");
        drift.ServingRelease.ShouldBe(answeredBy ?? release);
    }

    [Theory]
    [InlineData("failed", null, "its unit is failed")]
    [InlineData("inactive", null, "its unit is inactive")]
    [InlineData("active", null, "through the edge it does not answer")]
    public async Task A_release_that_is_there_and_does_not_serve_is_drift(string unit, string? answeredBy, string detail)
    {
        await DeployedAsync();
        await BeatAsync(Wanted with { UnitState = unit, Traffic = new(1, 0), AnsweredBy = answeredBy });

        (await ReadAsync()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(d => d.Detail.ShouldBe(detail), d => d.ServingRelease.ShouldBeNull());
        await plane.Get<DriftCheck>().RunAsync(default);
        (await plane.Get<OutboxStore>().OccasionsAsync(default)).ShouldHaveSingleItem().Value.Notice!.Text
            .ShouldBe($"web-1 should serve bbbbbbbbbbbb and serves nothing: {detail}. Restart it, deploy again, or look at the node.");
    }

    [Fact]
    public async Task What_a_person_stopped_may_stand_still_until_it_is_restarted()
    {
        await DeployedAsync();
        var stopped = plane.Get<StoppedProjects>();
        var operation = new Operation { Id = "o", Kind = OperationKind.Stop, ProjectId = "shop", Nodes = ["web-1"], Status = OperationStatus.Running, RequestedBy = "ann", CreatedAt = plane.Time.GetUtcNow() };
        await stopped.RecordAsync(operation, new() { NodeId = "web-1", Outcome = CommandOutcome.Succeeded }, default);
        await BeatAsync(Wanted with { UnitState = "inactive" });
        (await ReadAsync()).ShouldBeEmpty();

        await stopped.RecordAsync(operation with { Kind = OperationKind.Restart }, new() { NodeId = "web-1", Outcome = CommandOutcome.Failed }, default);
        (await ReadAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Deployments_that_gave_way_hide_nothing()
    {
        await DeployedAsync();
        var store = plane.Get<DeploymentStore>();
        for (var i = 0; i < 60; i++)
        {
            plane.Time.Advance(TimeSpan.FromSeconds(1));
            var superseded = plane.Deployment("shop", DeploymentTrigger.Webhook, "web-1") with { Status = DeploymentStatus.Superseded, FinishedAt = plane.Time.GetUtcNow() };
            await store.InsertAsync(superseded, default);
            await store.ListInProjectAsync(superseded, default);
        }

        await BeatAsync(Wanted with { ReleaseId = "r1" });

        (await ReadAsync()).ShouldHaveSingleItem().WantedRelease.ShouldBe("r2");
    }

    [Fact]
    public async Task It_is_told_once_shown_at_the_node_and_forgotten_when_it_is_over()
    {
        await DeployedAsync();
        await BeatAsync(Wanted with { ReleaseId = "r1" });
        var check = plane.Get<DriftCheck>();

        await check.RunAsync(default);
        await check.RunAsync(default);
        (await plane.Get<OutboxStore>().OccasionsAsync(default)).Count(o => o.Value.Notice?.Kind == NoticeKind.Drift).ShouldBe(1);
        (await check.OnNodeAsync("web-1", default)).ShouldHaveSingleItem().ProjectId.ShouldBe("shop");

        plane.Time.Advance(TimeSpan.FromSeconds(15));
        await BeatAsync(Wanted);
        await check.RunAsync(default);
        (await check.OnNodeAsync("web-1", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_project_that_left_a_node_drifts_there_no_more()
    {
        await DeployedAsync();
        await BeatAsync(Wanted with { ReleaseId = "r1" });
        await plane.Get<DriftCheck>().RunAsync(default);

        await plane.Get<ProjectStore>().DeleteAsync("shop", default);

        (await plane.Get<DriftCheck>().OnNodeAsync("web-1", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_report_from_before_the_end_of_the_deployment_says_nothing()
    {
        await DeployedAsync(quiet: TimeSpan.Zero);
        await BeatAsync(Wanted with { ReleaseId = "r1" });

        (await ReadAsync()).ShouldBeEmpty();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => plane.DisposeAsync().AsTask();

    private async Task DeployedAsync(TimeSpan? quiet = null)
    {
        await plane.EnrolledNodeAsync("web-1");
        await plane.ProjectAsync("shop", "web-1");
        var store = plane.Get<DeploymentStore>();
        var deployment = plane.Deployment("shop", DeploymentTrigger.Api, "web-1") with { Status = DeploymentStatus.Succeeded, FinishedAt = plane.Time.GetUtcNow() };
        await store.InsertAsync(deployment, default);
        await store.ListInProjectAsync(deployment, default);
        await store.UpdateNodeAsync(deployment.Id, "web-1", _ => new DeploymentNode { NodeId = "web-1", Status = NodeStatus.Succeeded, Release = Wanted }, default);
        plane.Time.Advance(quiet ?? TimeSpan.FromMinutes(1));
    }

    private Task BeatAsync(ServingRelease? serving) => plane.Get<NodeStore>().RecordSignAsync("web-1", plane.Time.GetUtcNow(), new Heartbeat
    {
        AgentVersion = "1",
        Facts = TestData.Facts,
        Serving = serving is null ? new Dictionary<string, ServingRelease>() : new Dictionary<string, ServingRelease> { ["shop"] = serving },
    }, default);

    private async Task<IReadOnlyList<Drift>> ReadAsync() => await plane.Get<DriftReader>().ReadAsync((await plane.Get<ProjectStore>().GetAsync("shop", default))!, default);
}
