using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Lanes;

namespace VpsPilot.Functions.Tests.Deployments;

public sealed class LaneStoreTests : IAsyncLifetime
{
    private readonly TestPlane plane = new();

    private LaneStore Lanes => plane.Get<LaneStore>();

    private DeploymentStore Store => plane.Get<DeploymentStore>();

    [Fact]
    public async Task The_first_deployment_has_the_lane_at_once_and_asking_again_changes_nothing()
    {
        var a = await AddAsync();

        (await EnterAsync(a)).IsTurn.ShouldBeTrue();
        (await EnterAsync(a)).IsTurn.ShouldBeTrue();
        (await Lanes.GetAsync("shop", default)).Active.ShouldBe(a);
    }

    [Fact]
    public async Task A_newer_deployment_stops_one_that_builds_and_has_the_lane_after_it()
    {
        var a = await AddAsync();
        var b = await AddAsync();
        await EnterAsync(a);

        var answer = await EnterAsync(b);

        answer.IsTurn.ShouldBeFalse();
        answer.Stopped.ShouldBe([a]);
        (await Store.GetAsync(a, default))!.Stop.ShouldBe(new StopRequest(StopKind.Superseded, b));
        (await Lanes.LeaveAsync("shop", a, default)).ShouldBe(b);
        (await EnterAsync(b)).IsTurn.ShouldBeTrue();
    }

    [Fact]
    public async Task One_that_activates_finishes_first()
    {
        var a = await AddAsync();
        var b = await AddAsync();
        await EnterAsync(a);
        await Store.UpdateAsync(a, d => d with { Status = DeploymentStatus.Activating }, default);

        var answer = await EnterAsync(b);

        answer.IsTurn.ShouldBeFalse();
        answer.Stopped.ShouldBeEmpty();
        (await Store.GetAsync(a, default))!.Stop.ShouldBeNull();
    }

    [Fact]
    public async Task Of_those_that_wait_only_the_newest_is_left()
    {
        var active = await AddAsync();
        await EnterAsync(active);
        await Store.UpdateAsync(active, d => d with { Status = DeploymentStatus.Activating }, default);
        var b = await AddAsync();
        var c = await AddAsync();
        await EnterAsync(b);

        (await EnterAsync(c)).Stopped.ShouldBe([b]);

        (await EnterAsync(b)).Stop.ShouldBe(new StopRequest(StopKind.Superseded, c));
        (await Lanes.LeaveAsync("shop", active, default)).ShouldBe(c);
    }

    [Fact]
    public async Task One_that_asks_after_a_newer_one_is_superseded_whatever_the_newer_one_did_since()
    {
        var older = await AddAsync();
        var newer = await AddAsync();
        await EnterAsync(newer);
        await Lanes.LeaveAsync("shop", newer, default);

        (await EnterAsync(older)).Stop.ShouldBe(new StopRequest(StopKind.Superseded, newer));
    }

    [Fact]
    public async Task A_rollback_goes_before_deployments_that_wait_and_does_not_end_them()
    {
        var active = await AddAsync();
        await EnterAsync(active);
        await Store.UpdateAsync(active, d => d with { Status = DeploymentStatus.Activating }, default);
        var waiting = await AddAsync();
        await EnterAsync(waiting);
        var rollback = await AddAsync(DeploymentTrigger.Rollback);

        (await EnterAsync(rollback)).Stopped.ShouldBeEmpty();

        (await Lanes.LeaveAsync("shop", active, default)).ShouldBe(rollback);
        (await Lanes.LeaveAsync("shop", rollback, default)).ShouldBe(waiting);
    }

    [Fact]
    public async Task A_rollback_stops_what_builds()
    {
        var building = await AddAsync();
        await EnterAsync(building);
        var rollback = await AddAsync(DeploymentTrigger.Rollback);

        (await EnterAsync(rollback)).Stopped.ShouldBe([building]);
    }

    [Fact]
    public async Task A_deployment_does_not_stop_a_rollback()
    {
        var rollback = await AddAsync(DeploymentTrigger.Rollback);
        await EnterAsync(rollback);
        var next = await AddAsync();

        (await EnterAsync(next)).Stopped.ShouldBeEmpty();
        (await Store.GetAsync(rollback, default))!.Stop.ShouldBeNull();
    }

    [Fact]
    public async Task The_lane_of_a_deployment_that_is_gone_is_given_on()
    {
        var gone = await AddAsync();
        await EnterAsync(gone);
        var next = await AddAsync();

        var answer = await Lanes.EnterAsync((await Store.GetAsync(next, default))!, id => Task.FromResult(id == gone), default);

        answer.IsTurn.ShouldBeTrue();
    }

    [Fact]
    public async Task Leaving_twice_gives_the_lane_on_once()
    {
        var a = await AddAsync();
        var b = await AddAsync();
        await EnterAsync(a);
        await EnterAsync(b);

        (await Lanes.LeaveAsync("shop", a, default)).ShouldBe(b);
        (await Lanes.LeaveAsync("shop", a, default)).ShouldBe(b);
        (await Lanes.LeaveAsync("shop", b, default)).ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Twenty_pushes_at_once_end_with_the_newest_one_done_and_none_stuck(int seed)
    {
        var random = new Random(seed);
        var ids = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add(await AddAsync());
        }

        var together = 0;
        var done = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Task.WhenAll(ids.OrderBy(_ => random.Next()).Select(id => Task.Run(() => RunAsync(id)))).WaitAsync(TimeSpan.FromSeconds(30));

        done.ShouldContain(ids[^1]);
        (await Lanes.GetAsync("shop", default)).ShouldSatisfyAllConditions(l => l.Active.ShouldBeNull(), l => l.Waiting.ShouldBeEmpty());
        foreach (var id in ids.Where(id => !done.Contains(id)))
        {
            (await Store.GetAsync(id, default))!.Stop!.Kind.ShouldBe(StopKind.Superseded);
        }

        async Task RunAsync(string id)
        {
            while (true)
            {
                var answer = await EnterAsync(id);
                if (answer.Stop is not null)
                {
                    break;
                }

                if (answer.IsTurn && (await Store.UpdateAsync(id, d => d.Stop is null ? d with { Status = DeploymentStatus.Activating } : null, default)).Stop is null)
                {
                    Interlocked.Increment(ref together).ShouldBe(1);
                    await Task.Delay(1);
                    Interlocked.Decrement(ref together);
                    done.Add(id);
                    break;
                }

                await Task.Delay(1);
            }

            await Lanes.LeaveAsync("shop", id, default);
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => plane.DisposeAsync().AsTask();

    private async Task<string> AddAsync(DeploymentTrigger trigger = DeploymentTrigger.Api)
    {
        var deployment = plane.Deployment("shop", trigger);
        (await Store.InsertAsync(deployment, default)).ShouldBeTrue();
        return deployment.Id;
    }

    private async Task<LaneAnswer> EnterAsync(string id) =>
        await Lanes.EnterAsync((await Store.GetAsync(id, default))!, _ => Task.FromResult(false), default);
}
