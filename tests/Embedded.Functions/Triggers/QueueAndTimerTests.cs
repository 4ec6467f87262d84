using System.Text;
using VpsPilot.Embedded.Broker;
using VpsPilot.Embedded.Functions.Hosting.ServiceBus;
using VpsPilot.Embedded.Functions.Tests.Sample;

namespace VpsPilot.Embedded.Functions.Tests.Triggers;

public sealed class QueueAndTimerTests(SampleApp app) : IClassFixture<SampleApp>
{
    [Fact]
    public async Task A_message_is_completed_when_its_function_returns()
    {
        await SendAsync("texts", "good");

        await app.WaitForAsync(l => l.Contains("text good 1"));
        await UntilAsync(() => app.Broker.Count("texts").Active == 0);
    }

    [Fact]
    public async Task A_message_whose_function_throws_comes_again_and_is_dead_lettered_at_the_limit()
    {
        await SendAsync("texts", "bad one");

        await UntilAsync(() => app.Broker.Count("texts").DeadLetter == 1);
        app.Journal.Lines.Where(l => l.StartsWith("text bad one")).ShouldBe(["text bad one 1", "text bad one 2", "text bad one 3"]);
    }

    [Fact]
    public async Task A_batched_function_gets_an_array_of_the_type_it_asks_for()
    {
        for (var i = 1; i <= 3; i++)
        {
            await SendAsync("batches", $$"""{ "text": "x", "count": {{i}} }""");
        }

        await app.WaitForAsync(l => l.Where(x => x.StartsWith("batch ")).Sum(x => int.Parse(x[6..])) == 6);
    }

    [Fact]
    public async Task Timers_run_by_the_clock_and_at_the_start_when_asked()
    {
        await app.WaitForAsync(l => l.Count(x => x == "tick False") >= 2 && l.Contains("started"));
        app.Journal.Lines.Count(l => l == "started").ShouldBe(1);
    }

    [Fact]
    public async Task The_lock_of_a_message_is_renewed_by_its_own_length()
    {
        await app.Broker.CreateQueueAsync("short", new QueueSettings { LockDuration = TimeSpan.FromSeconds(4) });
        await SendAsync("short", "x");
        var message = (await app.Broker.ReceiveAsync("short", 1, SampleApp.Limit)).Single();

        using (new LockRenewal(app.Broker, [message], TimeSpan.FromMinutes(1), TimeProvider.System))
        {
            await Task.Delay(TimeSpan.FromSeconds(5));
        }

        (await app.Broker.CompleteAsync(message)).ShouldBeTrue("a lock of four seconds was held for five");
    }

    [Fact]
    public async Task A_timer_function_has_the_time_limit_of_the_host() => await app.WaitForAsync(l => l.Contains("timer out of time"));

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(SampleApp.Limit);
        while (!condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    private Task<long?> SendAsync(string queue, string text) => app.Broker.SendAsync(queue, new BrokerMessage { Body = Encoding.UTF8.GetBytes(text) });
}

public sealed class MissedTimerTests(SampleApp app) : IClassFixture<SampleApp>
{
    [Fact]
    public async Task An_occurrence_missed_while_the_host_was_down_is_made_up_for_once()
    {
        await app.WaitForAsync(l => l.Contains("tick False"));
        await app.StopAsync();
        await Task.Delay(1500);

        await app.StartAsync();

        await app.WaitForAsync(l => l.Contains("tick False"));
        app.Journal.Lines.Count(l => l == "tick True").ShouldBe(1);
    }
}

public sealed class GracefulStopTests(SampleApp app) : IClassFixture<SampleApp>
{
    [Fact]
    public async Task A_stop_waits_for_the_messages_that_are_being_handled()
    {
        await app.Broker.SendAsync("texts", new BrokerMessage { Body = Encoding.UTF8.GetBytes("slow one") });
        await app.WaitForAsync(l => l.Contains("text slow one 1"));
        var journal = app.Journal;

        await app.StopAsync();

        journal.Lines.ShouldContain("done slow one");
        await app.StartAsync();
        await Task.Delay(300);
        app.Journal.Lines.ShouldNotContain("text slow one 2", "it was completed before the stop");
    }
}
