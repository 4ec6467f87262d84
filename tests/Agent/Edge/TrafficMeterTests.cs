using System.Globalization;
using VpsPilot.Agent.Edge;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Tests.Edge;

public sealed class TrafficMeterTests : IDisposable
{
    private static readonly DateTimeOffset Switched = DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000);
    private readonly TempFolder folder = new();

    [Fact]
    public async Task Answers_of_a_slot_are_counted_from_the_switch_on()
    {
        using var meter = new TrafficMeter(folder["answers.log"]);
        (await meter.CountAsync("shop", 21003, Switched, default)).ShouldBe(new TrafficCount(0, 0));
        Write(Line("shop", 21003, 200, 1), Line("shop", 21003, 502, 2), Line("shop", 21002, 500, 2), Line("blog", 21003, 500, 2), Line("shop", 21003, 404, 3));
        // It began before the switch, and what is no line of the edge is no answer.
        Write(Line("shop", 21003, 500, 1, duration: 2), "{\"level\":\"warn\"}\n", "not json\n");
        (await meter.CountAsync("shop", 21003, Switched, default)).ShouldBe(new TrafficCount(3, 1));
    }

    [Fact]
    public async Task A_line_that_is_half_written_is_counted_when_it_is_whole()
    {
        using var meter = new TrafficMeter(folder["answers.log"]);
        var line = Line("shop", 1, 500, 1);
        Write(line, line[..40]);
        (await meter.CountAsync("shop", 1, Switched, default)).ShouldBe(new TrafficCount(1, 1));
        Write(line[40..]);
        (await meter.CountAsync("shop", 1, Switched, default)).ShouldBe(new TrafficCount(2, 2));
    }

    [Fact]
    public async Task A_rotated_log_and_another_agent_go_on()
    {
        using (var meter = new TrafficMeter(folder["answers.log"]))
        {
            Write([.. Enumerable.Repeat(Line("shop", 1, 200, 1), 5000)]);
            (await meter.CountAsync("shop", 1, Switched, default)).Answers.ShouldBe(5000);
            File.Move(folder["answers.log"], folder["answers-old.log"]);
            Write(Line("shop", 1, 500, 2));
            (await meter.CountAsync("shop", 1, Switched, default)).ShouldBe(new TrafficCount(5001, 1));
        }

        using var next = new TrafficMeter(folder["answers.log"]);
        (await next.CountAsync("shop", 1, Switched, default)).ShouldBe(new TrafficCount(1, 1));
        (await next.CountAsync("shop", 1, Switched.AddSeconds(5), default)).ShouldBe(new TrafficCount(0, 0));
    }

    [Fact]
    public async Task Slots_that_are_asked_for_later_have_their_past()
    {
        using var meter = new TrafficMeter(folder["answers.log"]);
        Write(Line("shop", 1, 200, 1), Line("blog", 2, 500, 1));
        (await meter.CountAsync("shop", 1, Switched, default)).ShouldBe(new TrafficCount(1, 0));
        (await meter.CountAsync("blog", 2, Switched, default)).ShouldBe(new TrafficCount(1, 1));
        Write(Line("blog", 2, 200, 2));
        (await meter.CountAsync("blog", 2, Switched, default)).ShouldBe(new TrafficCount(2, 1));
        (await meter.CountAsync("shop", 1, Switched, default)).ShouldBe(new TrafficCount(1, 0));
    }

    public void Dispose() => folder.Dispose();

    private void Write(params string[] text) => File.AppendAllText(folder["answers.log"], string.Concat(text));

    /// <summary>As Caddy 2.6 writes them.</summary>
    private static string Line(string project, int port, int status, double secondsAfterSwitch, double duration = 0.001) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"level":"info","ts":{{1_700_000_000 + secondsAfterSwitch:0.0000000}},"logger":"http.log.access.{{project}}","msg":"handled request","user_id":"{{port}}","duration":{{duration}},"status":{{status}}}""") + "\n";
}
