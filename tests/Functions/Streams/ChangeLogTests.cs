using VpsPilot.Functions.Streams;

namespace VpsPilot.Functions.Tests.Streams;

public sealed class ChangeLogTests : IAsyncLifetime
{
    private readonly TestPlane plane = new();

    private ChangeLog Log => plane.Get<ChangeLog>();

    [Fact]
    public async Task Changes_are_read_in_order_from_any_point_over_the_borders_of_minutes()
    {
        for (var i = 0; i < 10; i++)
        {
            await Log.AppendAsync(At(i.ToString()), default);
            plane.Time.Advance(TimeSpan.FromSeconds(31));
        }

        var all = await Log.ReadAfterAsync(ChangeLog.KeyAt(TestPlane.Start), default);
        all.Select(c => c.Change.Status).ShouldBe(Enumerable.Range(0, 10).Select(i => i.ToString()));
        (await Log.ReadAfterAsync(all[4].Key, default)).Select(c => c.Change.Status).ShouldBe(["5", "6", "7", "8", "9"]);
        ChangeLog.TimeOf(all[4].Key).ShouldBe(all[4].Change.At);
    }

    [Fact]
    public async Task What_is_older_than_an_hour_is_purged_also_after_a_long_sleep()
    {
        await Log.AppendAsync(At("old"), default);
        await Log.PurgeAsync(default);
        plane.Time.Advance(TimeSpan.FromDays(2));
        await Log.AppendAsync(At("new"), default);

        await Log.PurgeAsync(default);

        (await Log.ReadAfterAsync(ChangeLog.KeyAt(TestPlane.Start.AddMinutes(-1)), default)).Select(c => c.Change.Status).ShouldBe(["new"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("9999999999999999999-a")]
    [InlineData("-638000000000000000-a")]
    public void Nonsense_is_no_key(string key) => ChangeLog.TimeOf(key).ShouldBeNull();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => plane.DisposeAsync().AsTask();

    private Change At(string status) => new() { Kind = ChangeKind.Node, NodeId = "web-1", Status = status, At = plane.Time.GetUtcNow() };
}
