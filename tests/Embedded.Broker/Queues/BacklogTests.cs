using CsCheck;
using Xunit.Abstractions;

namespace VpsPilot.Embedded.Broker.Tests.Queues;

public sealed class BacklogTests(ITestOutputHelper output)
{
    private const string Seed = "0000KOIPe036";

    [Fact]
    public async Task A_backlog_larger_than_a_page_comes_complete_and_in_order()
    {
        await using var fixture = await BrokerFixture.StartAsync(configure: options => options.ReadyPageSize = 10);
        await fixture.Broker.CreateQueueAsync("q");
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => fixture.Broker.SendAsync("q", DeliveryTests.Message($"{i}"))));
        await fixture.RestartAsync();
        await fixture.Broker.SendAsync("q", DeliveryTests.Message("last"));

        var sequences = new List<long>();
        var ids = new List<string?>();
        while (ids.Count < 501)
        {
            var message = await DeliveryTests.OneAsync(fixture);
            sequences.Add(message.SequenceNumber);
            ids.Add(message.MessageId);
            (await fixture.Broker.CompleteAsync(message)).ShouldBeTrue();
        }

        sequences.ShouldBeInOrder(SortDirection.Ascending);
        ids.ShouldBeUnique();
        ids[^1].ShouldBe("last");
        fixture.Broker.Count("q").ShouldBe(new QueueCounts(0, 0, 0));
    }

    /// <summary>Whatever is done in whatever order, with restarts in between, the queue holds what a plain list would hold.</summary>
    [Fact]
    public async Task Random_operations_leave_the_queue_as_a_simple_model_has_it()
    {
        output.WriteLine($"seed {Seed}");
        await Gen.Int[0, 5].Array[5, 60].SampleAsync(RunAsync, seed: Seed, iter: 25, threads: 1);
    }

    private static async Task RunAsync(int[] steps)
    {
        await using var fixture = await BrokerFixture.StartAsync(configure: options => options.ReadyPageSize = 3);
        await fixture.Broker.CreateQueueAsync("q", new QueueSettings { MaxDeliveryCount = 3 });
        var active = new SortedDictionary<int, int>();
        var dead = new List<int>();
        var next = 0;
        foreach (var step in steps)
        {
            if (step <= 1)
            {
                await fixture.Broker.SendAsync("q", DeliveryTests.Message($"{next}"));
                active.Add(next++, 0);
                continue;
            }
            if (step == 5)
            {
                await fixture.RestartAsync();
                continue;
            }
            if (active.Count == 0)
                continue;
            var message = await DeliveryTests.OneAsync(fixture);
            var (id, deliveries) = active.First();
            message.MessageId.ShouldBe($"{id}");
            message.DeliveryCount.ShouldBe(deliveries + 1);
            active.Remove(id);
            switch (step)
            {
                case 2:
                    (await fixture.Broker.CompleteAsync(message)).ShouldBeTrue();
                    break;
                case 3:
                    (await fixture.Broker.DeadLetterAsync(message, "test")).ShouldBeTrue();
                    dead.Add(id);
                    break;
                default:
                    (await fixture.Broker.AbandonAsync(message)).ShouldBeTrue();
                    if (deliveries + 1 == 3)
                        dead.Add(id);
                    else
                        active.Add(id, deliveries + 1);
                    break;
            }
        }
        await fixture.RestartAsync();
        fixture.Broker.Count("q").ShouldBe(new QueueCounts(active.Count, dead.Count, 0));
        foreach (var id in dead)
            (await DeliveryTests.OneAsync(fixture, "q/$deadletterqueue")).MessageId.ShouldBe($"{id}");
    }
}
