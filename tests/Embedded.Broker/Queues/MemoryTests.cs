namespace VpsPilot.Embedded.Broker.Tests.Queues;

public sealed class MemoryTests
{
    [Fact]
    public async Task A_backlog_of_large_messages_costs_disk_and_not_memory()
    {
        const int messages = 4000;
        const int size = 32 * 1024;
        await using var fixture = await BrokerFixture.StartAsync(configure: options => options.MaxPendingWriteBytes = 1024 * 1024);
        await fixture.Broker.CreateQueueAsync("q");
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await Parallel.ForEachAsync(
            Enumerable.Range(0, messages),
            async (i, ct) => await fixture.Broker.SendAsync("q", DeliveryTests.Message($"{i}") with { Body = new byte[size] }, ct));

        fixture.Broker.Count("q").Active.ShouldBe(messages);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        grown.ShouldBeLessThan(messages * (long)size / 20);
    }
}
