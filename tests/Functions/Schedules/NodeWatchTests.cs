using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Notices;
using VpsPilot.Functions.Notices.Outbox;
using VpsPilot.Functions.Schedules;

namespace VpsPilot.Functions.Tests.Schedules;

public sealed class NodeWatchTests : IAsyncLifetime
{
    private readonly TestPlane plane = new();

    [Fact]
    public async Task A_node_that_falls_silent_is_told_of_once_and_again_when_it_speaks()
    {
        await plane.EnrolledNodeAsync("web-1");
        await BeatAsync();
        (await RunAsync()).ShouldBeEmpty();

        plane.Time.Advance(TimeSpan.FromSeconds(61));
        (await RunAsync()).ShouldBe([NoticeKind.NodeOffline]);
        plane.Time.Advance(TimeSpan.FromMinutes(5));
        (await RunAsync()).ShouldBeEmpty();

        await BeatAsync();
        (await RunAsync()).ShouldBe([NoticeKind.NodeOnline]);
        plane.Time.Advance(TimeSpan.FromSeconds(61));
        (await RunAsync()).ShouldBe([NoticeKind.NodeOffline]);
    }

    [Fact]
    public async Task Nodes_that_never_spoke_and_a_control_plane_that_was_away_itself_raise_no_alarm()
    {
        await plane.EnrolledNodeAsync("new-1");
        await plane.EnrolledNodeAsync("web-1");
        await plane.Get<NodeStore>().RecordSignAsync("web-1", TestPlane.Start.AddHours(-1), new Heartbeat { AgentVersion = "1", Facts = TestData.Facts }, default);
        plane.Time.Advance(TimeSpan.FromHours(1));
        plane.Get<NodePresence>().ShouldNotBeNull();

        (await RunAsync()).ShouldBeEmpty();
        plane.Time.Advance(TimeSpan.FromSeconds(61));
        (await RunAsync()).ShouldBe([NoticeKind.NodeOffline]);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => plane.DisposeAsync().AsTask();

    private Task BeatAsync() => plane.Get<NodeStore>().RecordSignAsync("web-1", plane.Time.GetUtcNow(), new Heartbeat { AgentVersion = "1", Facts = TestData.Facts }, default);

    /// <summary>What a run announces.</summary>
    private async Task<List<NoticeKind>> RunAsync()
    {
        var outbox = plane.Get<OutboxStore>();
        await plane.Get<NodeWatch>().RunAsync(default);
        var found = await outbox.OccasionsAsync(default);
        foreach (var occasion in found)
        {
            await outbox.RemoveAsync(occasion, default);
        }

        return [.. found.Select(o => o.Value.Notice!.Kind)];
    }
}
