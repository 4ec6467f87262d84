using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Nodes.EventsKeys;

namespace VpsPilot.Functions.Tests.Hosting;

public sealed class EventsQueueTests
{
    [Fact]
    public async Task Whatever_keeps_the_queue_from_being_made_is_tried_again_and_stops_no_host()
    {
        var time = new FakeTimeProvider();
        var lifetime = Substitute.For<IHostApplicationLifetime>();
        lifetime.ApplicationStarted.Returns(new CancellationToken(canceled: true));
        var queues = new FailingQueues(5);
        using var service = new EventsQueue(queues, lifetime, time, NullLogger<EventsQueue>.Instance);

        await service.StartAsync(default);
        for (var passed = 0; passed < 500 && !service.ExecuteTask!.IsCompleted; passed++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }

        await service.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(10));
        queues.Left.ShouldBe(-1);
        (time.GetUtcNow() - time.Start).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1 + 2 + 4 + 8 + 16));
    }

    /// <summary>Queues whose management API fails some times, in a way that no contract names.</summary>
    private sealed class FailingQueues(int times) : INodeQueues
    {
        public int Left { get; private set; } = times;

        public Task EnsureEventsAsync(CancellationToken ct) => Left-- > 0 ? throw new AggregateException("No such host is known.") : Task.CompletedTask;

        public Task<SendKeys> EventsKeysAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task SetEventsKeysAsync(SendKeys keys, CancellationToken ct) => throw new NotSupportedException();

        public Task<NodeQueueCredentials> CreateAsync(string nodeId, CancellationToken ct) => throw new NotSupportedException();

        public Task DeleteAsync(string nodeId, CancellationToken ct) => throw new NotSupportedException();

        public Task PutAsideAsync(ReadOnlyMemory<byte> message, string reason, string description, CancellationToken ct) => throw new NotSupportedException();
    }
}
