using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace VpsPilot.Embedded.Broker.Tests.Queues;

public sealed class DeliveryTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_lock_that_is_not_renewed_ends_and_the_message_comes_again()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var fixture = await BrokerFixture.StartAsync(time);
        await fixture.Broker.CreateQueueAsync("q", new QueueSettings { LockDuration = TimeSpan.FromSeconds(30) });
        await fixture.Broker.SendAsync("q", Message("a"));
        var first = await OneAsync(fixture);

        time.Advance(TimeSpan.FromSeconds(20));
        fixture.Broker.RenewLock(first)!.Value.ShouldBe(time.GetUtcNow() + TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(1));
        time.Advance(TimeSpan.FromSeconds(20));
        (await fixture.Broker.ReceiveAsync("q", 1, TimeSpan.Zero)).ShouldBeEmpty();
        time.Advance(TimeSpan.FromSeconds(11));

        var second = await OneAsync(fixture);
        second.MessageId.ShouldBe("a");
        second.DeliveryCount.ShouldBe(2);
        fixture.Broker.RenewLock(first).ShouldBeNull();
        (await fixture.Broker.CompleteAsync(first)).ShouldBeFalse();
        (await fixture.Broker.CompleteAsync(second)).ShouldBeTrue();
        (await fixture.Broker.CompleteAsync(second)).ShouldBeFalse();
    }

    [Fact]
    public async Task Abandoning_keeps_the_order_and_the_limit_of_deliveries()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("q", new QueueSettings { MaxDeliveryCount = 2 });
        await fixture.Broker.SendAsync("q", Message("a"));
        await fixture.Broker.SendAsync("q", Message("b"));

        (await fixture.Broker.AbandonAsync(await OneAsync(fixture))).ShouldBeTrue();
        var again = await OneAsync(fixture);
        again.MessageId.ShouldBe("a");
        await fixture.Broker.AbandonAsync(again);

        (await OneAsync(fixture)).MessageId.ShouldBe("b");
        var dead = await OneAsync(fixture, "q/$DeadLetterQueue");
        dead.MessageId.ShouldBe("a");
        dead.DeadLetterReason.ShouldBe("MaxDeliveryCountExceeded");
        dead.DeadLetterErrorDescription.ShouldBe("Message could not be consumed after 2 delivery attempts.");
    }

    [Fact]
    public async Task The_count_of_deliveries_survives_a_restart()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("q", new QueueSettings { MaxDeliveryCount = 3 });
        await fixture.Broker.SendAsync("q", Message("poison"));
        for (var delivery = 1; delivery <= 3; delivery++)
        {
            (await OneAsync(fixture)).DeliveryCount.ShouldBe(delivery);
            await fixture.RestartAsync();
        }

        (await OneAsync(fixture, "q/$DeadLetterQueue")).DeadLetterReason.ShouldBe("MaxDeliveryCountExceeded");
        fixture.Broker.Count("q").Active.ShouldBe(0);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task An_expired_message_is_dead_lettered_or_dropped(bool deadLetter, int dead)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var fixture = await BrokerFixture.StartAsync(time);
        await fixture.Broker.CreateQueueAsync("q", new QueueSettings { DefaultTimeToLive = TimeSpan.FromMinutes(1), DeadLetterOnExpiration = deadLetter });
        await fixture.Broker.SendAsync("q", Message("own") with { TimeToLive = TimeSpan.FromSeconds(10) });
        await fixture.Broker.SendAsync("q", Message("default") with { TimeToLive = TimeSpan.FromDays(1) });

        time.Advance(TimeSpan.FromSeconds(11));
        await UntilAsync(() => fixture.Broker.Count("q") == new QueueCounts(1, dead, 0));
        time.Advance(TimeSpan.FromSeconds(50));
        await UntilAsync(() => fixture.Broker.Count("q") == new QueueCounts(0, dead * 2, 0));

        if (deadLetter)
            (await OneAsync(fixture, "q/$DeadLetterQueue")).DeadLetterReason.ShouldBe("TTLExpiredException");
    }

    [Fact]
    public async Task A_scheduled_message_becomes_active_at_its_time_even_after_a_restart()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var fixture = await BrokerFixture.StartAsync(time);
        await fixture.Broker.CreateQueueAsync("q");
        await fixture.Broker.SendAsync("q", Message("later") with { ScheduledEnqueueTime = time.GetUtcNow().AddMinutes(5) });
        await fixture.Broker.SendAsync("q", Message("soon") with { ScheduledEnqueueTime = time.GetUtcNow().AddMinutes(1) });
        await fixture.RestartAsync();
        fixture.Broker.Count("q").ShouldBe(new QueueCounts(0, 0, 2));

        time.Advance(TimeSpan.FromSeconds(61));
        var soon = await OneAsync(fixture);
        soon.MessageId.ShouldBe("soon");
        fixture.Broker.Count("q").ShouldBe(new QueueCounts(1, 0, 1));
        await fixture.Broker.CompleteAsync(soon);
        time.Advance(TimeSpan.FromMinutes(4));
        (await OneAsync(fixture)).MessageId.ShouldBe("later");
    }

    [Fact]
    public async Task The_same_id_is_taken_once_inside_the_window_even_after_a_restart()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var fixture = await BrokerFixture.StartAsync(time);
        await fixture.Broker.CreateQueueAsync("q", new QueueSettings { RequiresDuplicateDetection = true, DuplicateDetectionWindow = TimeSpan.FromMinutes(1) });

        (await fixture.Broker.SendAsync("q", Message("a"))).ShouldNotBeNull();
        (await fixture.Broker.CompleteAsync(await OneAsync(fixture))).ShouldBeTrue();
        (await fixture.Broker.SendAsync("q", Message("a"))).ShouldBeNull();
        await fixture.RestartAsync();
        (await fixture.Broker.SendAsync("q", Message("a"))).ShouldBeNull();
        time.Advance(TimeSpan.FromSeconds(61));
        (await fixture.Broker.SendAsync("q", Message("a"))).ShouldNotBeNull();

        fixture.Broker.Count("q").Active.ShouldBe(1);
    }

    [Fact]
    public async Task Waiting_receivers_share_the_messages_and_get_what_comes_later()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("q");
        var first = fixture.Broker.ReceiveAsync("q", 1, Wait);
        var second = fixture.Broker.ReceiveAsync("q", 1, Wait);
        await fixture.Broker.SendAsync("q", Message("a"));
        await fixture.Broker.SendAsync("q", Message("b"));

        new[] { (await first).Single().MessageId, (await second).Single().MessageId }.ShouldBe(["a", "b"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_canceled_receive_leaves_the_message_for_the_next_one()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("q");
        using var cancel = new CancellationTokenSource(50);
        await Should.ThrowAsync<OperationCanceledException>(fixture.Broker.ReceiveAsync("q", 1, Wait, cancel.Token));

        await fixture.Broker.SendAsync("q", Message("a"));

        (await OneAsync(fixture)).DeliveryCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_deleted_queue_takes_its_messages_along()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("q");
        await fixture.Broker.SendAsync("q", Message("a"));

        (await fixture.Broker.DeleteQueueAsync("q")).ShouldBeTrue();
        await Should.ThrowAsync<QueueNotFoundException>(fixture.Broker.SendAsync("q", Message("b")));
        await fixture.Broker.CreateQueueAsync("q");

        fixture.Broker.Count("q").ShouldBe(new QueueCounts(0, 0, 0));
    }

    internal static BrokerMessage Message(string id) => new() { MessageId = id, Body = Encoding.UTF8.GetBytes(id) };

    internal static async Task<LockedMessage> OneAsync(BrokerFixture fixture, string queue = "q")
    {
        // The wait is real time even where the broker's clock stands still.
        using var limit = new CancellationTokenSource(Wait);
        return (await fixture.Broker.ReceiveAsync(queue, 1, Timeout.InfiniteTimeSpan, limit.Token)).Single();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Wait);
        while (!condition())
            await Task.Delay(10, limit.Token);
    }
}
