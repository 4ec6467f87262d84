using CsCheck;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Tests.Deployments;

public sealed class DeploymentStoreTests : IAsyncLifetime
{
    private readonly TestPlane plane = new();

    private DeploymentStore Store => plane.Get<DeploymentStore>();

    [Fact]
    public async Task Reports_on_a_stage_give_the_same_step_in_any_order_and_number()
    {
        var id = (await AddAsync()).Id;
        var started = (At: TestPlane.Start, Report: new StageProgress { Stage = "compile", State = StageState.Started });
        var ended = (At: TestPlane.Start.AddSeconds(7), Report: new StageProgress { Stage = "compile", State = StageState.Completed, DurationMilliseconds = 7000, Detail = "ok" });
        var expected = new DeploymentStep { NodeId = "web-1", Stage = "compile", State = StageState.Completed, StartedAt = TestPlane.Start, DurationMilliseconds = 7000, Detail = "ok" };

        var orders = Gen.Shuffle(new[] { started, started, ended, ended });
        var run = 0;
        await orders.SampleAsync(async order =>
        {
            var node = $"web-{Interlocked.Increment(ref run)}";
            foreach (var (at, report) in order)
            {
                await Store.RecordStepAsync(id, node, "build", at, report, default);
            }

            (await Store.StepsAsync(id, default)).Single(s => s.NodeId == node).ShouldBe(expected with { NodeId = node });
        }, iter: 24, seed: "0000KOIPe036", threads: 1);
    }

    [Fact]
    public async Task Steps_are_listed_in_the_order_in_which_they_started()
    {
        var id = (await AddAsync()).Id;
        await Store.RecordStepAsync(id, "web-1", "activate", TestPlane.Start.AddSeconds(9), new() { Stage = "backup", State = StageState.Started }, default);
        await Store.RecordStepAsync(id, "web-1", "build", TestPlane.Start.AddSeconds(5), new() { Stage = "compile", State = StageState.Completed, DurationMilliseconds = 1000 }, default);
        await Store.RecordStepAsync(id, "web-1", "build", TestPlane.Start.AddSeconds(1), new() { Stage = "fetch", State = StageState.Started }, default);

        (await Store.StepsAsync(id, default)).Select(s => s.Stage).ShouldBe(["fetch", "compile", "backup"]);
    }

    [Fact]
    public async Task Deployments_are_listed_newest_first_page_by_page_although_they_came_in_the_same_instant()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var deployment = await AddAsync();
            await Store.ListInProjectAsync(deployment, default);
            await Store.ListInProjectAsync(deployment, default);
            ids.Add(deployment.Id);
        }

        var first = await Store.ListAsync("shop", new Paging(3, null), default);
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        context.Request.QueryString = new($"?cursor={first.NextCursor}");
        var second = await Store.ListAsync("shop", Paging.Of(context.Request).Value!, default);

        first.Items.Concat(second.Items).Select(d => d.Id).ShouldBe(ids.AsEnumerable().Reverse());
        second.NextCursor.ShouldBeNull();
    }

    [Theory]
    [InlineData(nameof(DeploymentStatus.Queued), true, true)]
    [InlineData(nameof(DeploymentStatus.Building), true, true)]
    [InlineData(nameof(DeploymentStatus.Activating), true, false)]
    [InlineData(nameof(DeploymentStatus.Watching), true, false)]
    [InlineData(nameof(DeploymentStatus.Succeeded), false, false)]
    [InlineData(nameof(DeploymentStatus.Canceled), false, false)]
    public async Task A_person_can_stop_what_has_not_ended_and_a_newer_deployment_only_what_has_switched_nothing(string status, bool canBeCanceled, bool canBeSuperseded)
    {
        foreach (var (kind, canBe) in new[] { (StopKind.Canceled, canBeCanceled), (StopKind.Superseded, canBeSuperseded) })
        {
            var id = (await AddAsync()).Id;
            await Store.UpdateAsync(id, d => d with { Status = Enum.Parse<DeploymentStatus>(status) }, default);

            (await Store.RequestStopAsync(id, new(kind, "ann"), default)).ShouldBe(canBe);
            (await Store.GetAsync(id, default))!.Stop.ShouldBe(canBe ? new StopRequest(kind, "ann") : null);
        }
    }

    [Fact]
    public async Task A_queued_deployment_that_was_canceled_ends_as_canceled_although_a_newer_one_takes_its_place()
    {
        var id = (await AddAsync()).Id;
        await Store.RequestStopAsync(id, new(StopKind.Canceled, "ann"), default);

        await Store.SupersedeQueuedAsync(id, "newer", TestPlane.Start, default);

        (await Store.GetAsync(id, default))!.ShouldSatisfyAllConditions(d => d.Status.ShouldBe(DeploymentStatus.Canceled), d => d.Summary.ShouldBe("Canceled by ann."));
    }

    [Fact]
    public async Task The_first_wish_to_stop_is_kept()
    {
        var id = (await AddAsync()).Id;
        await Store.RequestStopAsync(id, new(StopKind.Superseded, "next"), default);

        (await Store.RequestStopAsync(id, new(StopKind.Canceled, "ann"), default)).ShouldBeTrue();
        (await Store.GetAsync(id, default))!.Stop!.By.ShouldBe("next");
    }

    [Fact]
    public void The_id_of_a_delivery_is_always_the_same_and_differs_for_any_other()
    {
        var id = DeploymentIds.OfDelivery("github", "shop", "72d3162e-cc78-11e3-81ab-4c9367dc0958");

        DeploymentIds.OfDelivery("github", "shop", "72d3162e-cc78-11e3-81ab-4c9367dc0958").ShouldBe(id);
        DeploymentIds.IsValid(id).ShouldBeTrue();
        new[] { ("gitlab", "shop", "72d3162e-cc78-11e3-81ab-4c9367dc0958"), ("github", "shop2", "72d3162e-cc78-11e3-81ab-4c9367dc0958"), ("github", "shop", "x") }
            .Select(d => DeploymentIds.OfDelivery(d.Item1, d.Item2, d.Item3)).ShouldNotContain(id);
        Guid.Parse(id).Version.ShouldBe(8);
    }

    [Fact]
    public async Task A_node_keeps_the_releases_that_its_config_asks_for_newest_first()
    {
        var releases = plane.Get<ReleaseStore>();
        for (var generation = 1; generation <= 4; generation++)
        {
            await releases.RecordAsync("shop", "web-1", new($"r{generation}", generation, TestData.Commit, "/nix/store/x", 3000), keep: 2, default);
        }

        await releases.RecordAsync("shop", "web-2", new("r1", 1, TestData.Commit, "/nix/store/x", 3000), keep: 2, default);

        (await releases.ListAsync("shop", default)).Select(r => (r.NodeId, r.Generation)).ShouldBe([("web-1", 4), ("web-1", 3), ("web-2", 1)]);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => plane.DisposeAsync().AsTask();

    private async Task<Deployment> AddAsync()
    {
        var deployment = plane.Deployment("shop");
        (await Store.InsertAsync(deployment, default)).ShouldBeTrue();
        return deployment;
    }
}
