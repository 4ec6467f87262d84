using System.Diagnostics.Metrics;
using VpsPilot.Embedded.Broker.Tests.Queues;

namespace VpsPilot.Embedded.Broker.Tests;

public sealed class MetricsTests
{
    [Fact]
    public async Task Every_message_of_a_queue_is_counted_in_one_state()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var queue = $"metrics-{Guid.NewGuid():N}";
        await fixture.Broker.CreateQueueAsync(queue);
        foreach (var id in (string[])["dead", "locked", "ready", "ready too"])
            await fixture.Broker.SendAsync(queue, DeliveryTests.Message(id));
        await fixture.Broker.SendAsync(queue, DeliveryTests.Message("later") with { ScheduledEnqueueTime = DateTimeOffset.UtcNow.AddHours(1) });
        await fixture.Broker.DeadLetterAsync(await DeliveryTests.OneAsync(fixture, queue), "bad");
        await DeliveryTests.OneAsync(fixture, queue);

        Read(queue).ShouldBe(new Dictionary<string, long>(StringComparer.Ordinal) { ["active"] = 2, ["locked"] = 1, ["scheduled"] = 1, ["dead_lettered"] = 1 }, ignoreOrder: true);

        await fixture.Broker.DeleteQueueAsync(queue);
        Read(queue).ShouldBeEmpty();
    }

    private static Dictionary<string, long> Read(string queue)
    {
        var read = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument is { Meter.Name: "VpsPilot.Embedded.Broker", Name: "broker.queue.messages" })
                to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var named = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string)tag.Value!, StringComparer.Ordinal);
            if (named["messaging.destination.name"] == queue)
                read.Add(named["broker.message.state"], value);
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return read;
    }
}
