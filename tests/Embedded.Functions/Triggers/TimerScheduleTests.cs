using System.Globalization;
using VpsPilot.Embedded.Functions.Hosting.Timers;

namespace VpsPilot.Embedded.Functions.Tests.Triggers;

public sealed class TimerScheduleTests
{
    private static readonly DateTime Now = new(2026, 3, 1, 12, 0, 30, DateTimeKind.Utc);

    [Theory]
    [InlineData("0 */5 * * * *", "2026-03-01T12:05:00Z")]
    [InlineData("*/5 * * * *", "2026-03-01T12:05:00Z")]
    [InlineData("*/10 * * * * *", "2026-03-01T12:00:40Z")]
    [InlineData("0 30 9 * * MON-FRI", "2026-03-02T09:30:00Z")]
    [InlineData("0 0 0 29 2 *", "2028-02-29T00:00:00Z")]
    [InlineData("00:05:00", "2026-03-01T12:05:30Z")]
    public void The_next_run_is_after_now(string schedule, string expected) =>
        TimerSchedule.Parse(schedule).Next(Now).ShouldBe(DateTimeOffset.Parse(expected).UtcDateTime);

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("61 * * * * *")]
    [InlineData("-00:05:00")]
    public void What_is_no_schedule_is_refused(string schedule) => Should.Throw<FormatException>(() => TimerSchedule.Parse(schedule));

    [Theory]
    [InlineData("12:00:00.0000001", "12:00:00", 1L)]
    [InlineData("12:00:00", "12:00:00", null)]
    [InlineData("12:00:00", "12:00:00.0000001", null)]
    [InlineData("23:00:00", "12:00:00", 36_000_000_000L)]
    public void A_listener_sleeps_until_the_time_has_come_and_never_for_longer_than_an_hour(string next, string now, long? ticks)
    {
        var day = new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

        TimerListener.PauseBefore(day + TimeSpan.Parse(next, CultureInfo.InvariantCulture), day + TimeSpan.Parse(now, CultureInfo.InvariantCulture)).ShouldBe(ticks is { } some ? TimeSpan.FromTicks(some) : null);
    }
}
