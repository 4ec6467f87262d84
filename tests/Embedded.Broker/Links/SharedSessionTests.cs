using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;

namespace VpsPilot.Embedded.Broker.Tests.Links;

public sealed class SharedSessionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The client settles a message while the thread that wrote it has not yet gone on, and another message waits behind it. The library then
    /// forgets the one that waits, and with it the credit that it took: a receiver stands still for ever when it has lost enough of that.
    /// </summary>
    [Fact]
    public async Task A_message_arrives_also_when_the_one_before_it_is_settled_before_its_writer_goes_on()
    {
        using var written = new HeldThread();
        await using var fixture = await BrokerFixture.StartAsync(configure: options => options.Written = written.Pass);
        await fixture.Broker.CreateQueueAsync("a");
        await fixture.Broker.CreateQueueAsync("b");
        var endpoint = fixture.Broker.AmqpEndpoint;
        var connection = await Connection.Factory.CreateAsync(new Address(endpoint.Host, endpoint.Port, "RootManageSharedAccessKey", BrokerFixture.RootKey, "/", "AMQP"));
        var session = new Session(connection);
        var (first, second) = (Receive(session, "a"), Receive(session, "b"));
        await fixture.Broker.SendAsync("b", Queues.DeliveryTests.Message("both links have credit"));
        second.Link.Accept(await second.NextAsync());
        await fixture.Broker.SendAsync("a", Queues.DeliveryTests.Message("both links have credit"));
        first.Link.Accept(await first.NextAsync());
        await UntilAsync(() => fixture.Broker.Count("a").Active + fixture.Broker.Count("b").Active == 0);

        written.HoldNext();
        await fixture.Broker.SendAsync("a", Queues.DeliveryTests.Message("before"));
        var before = await first.NextAsync();
        await fixture.Broker.SendAsync("b", Queues.DeliveryTests.Message("behind"));
        await UntilAsync(() => fixture.Broker.Store.Queues.Get("b").Active.Locked == 1);
        await Task.Delay(200);
        // Unsettled: the broker is to answer, as it does to every client that wants to know whether its settlement was stored.
        Dispose(session, role: true, Delivery(before)!, new Released(), settled: false);
        await Task.Delay(200);
        written.Release();

        (await second.NextAsync()).Properties.MessageId.ShouldBe("behind");
        await connection.CloseAsync();
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Delivery")]
    [return: UnsafeAccessorType("Amqp.Delivery, Amqp.Net")]
    private static extern object? Delivery(Message message);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "DisposeDelivery")]
    private static extern void Dispose(Session session, bool role, [UnsafeAccessorType("Amqp.Delivery, Amqp.Net")] object delivery, DeliveryState state, bool settled);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
            await Task.Delay(10, limit.Token);
    }

    private static Receiver Receive(Session session, string queue)
    {
        var receiver = new Receiver(new ReceiverLink(session, queue, queue));
        receiver.Link.Start(100, receiver.Take);
        return receiver;
    }

    private sealed class Receiver(ReceiverLink link)
    {
        private readonly System.Threading.Channels.Channel<Message> arrived = System.Threading.Channels.Channel.CreateUnbounded<Message>();

        public ReceiverLink Link { get; } = link;

        public void Take(IReceiverLink from, Message message) => arrived.Writer.TryWrite(message);

        public async Task<Message> NextAsync() => await arrived.Reader.ReadAsync().AsTask().WaitAsync(Limit);
    }

    /// <summary>Holds the first thread that passes after it was asked to.</summary>
    private sealed class HeldThread : IDisposable
    {
        private readonly ManualResetEventSlim gate = new(initialState: false);
        private int holding;

        public void HoldNext() => Volatile.Write(ref holding, 1);

        public void Pass()
        {
            if (Interlocked.Exchange(ref holding, 0) == 1)
                gate.Wait(Limit);
        }

        public void Release() => gate.Set();

        public void Dispose() => gate.Dispose();
    }
}
