using Amqp;
using Amqp.Framing;
using Microsoft.Extensions.Time.Testing;
using VpsPilot.Embedded.Broker.Security;

namespace VpsPilot.Embedded.Broker.Tests.Security;

/// <summary>What an open connection may do follows the rules of the queue, not what they were when it was opened.</summary>
public sealed class ChangedRuleTests : IAsyncDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private BrokerFixture fixture = null!;

    [Fact]
    public async Task After_a_rotation_an_open_link_of_the_earlier_key_gets_nothing_and_cannot_be_opened_again()
    {
        await StartAsync(AccessRights.Listen);
        var connection = await ConnectAsync("first");
        var receiver = await ReceiverAsync(connection);
        await fixture.Broker.SendAsync("orders", Message());
        (await receiver.ReceiveAsync(Wait)).ShouldNotBeNull();

        await ChangeAsync("anew", AccessRights.Listen);
        time.Advance(LinkAccess.Grace);
        await fixture.Broker.SendAsync("orders", Message());

        (await ClosedAsync(receiver)).ShouldBe(ErrorCode.UnauthorizedAccess);
        await Should.ThrowAsync<AmqpException>(() => ReceiverAsync(connection));
        fixture.Broker.Count("orders").Active.ShouldBeGreaterThan(0);
        var other = await ConnectAsync("anew");
        (await (await ReceiverAsync(other)).ReceiveAsync(Wait)).ShouldNotBeNull();
        await connection.CloseAsync();
        await other.CloseAsync();
    }

    [Fact]
    public async Task After_a_rotation_nothing_is_taken_from_an_open_link_of_the_earlier_key()
    {
        await StartAsync(AccessRights.Send);
        var connection = await ConnectAsync("first");
        var sender = new SenderLink(new Session(connection), "s", "orders");
        await sender.SendAsync(new Message("a"), Wait);

        await ChangeAsync("anew", AccessRights.Send);
        time.Advance(LinkAccess.Grace);

        await Should.ThrowAsync<AmqpException>(() => sender.SendAsync(new Message("b"), Wait));
        fixture.Broker.Count("orders").Active.ShouldBe(1);
        await connection.CloseAsync();
    }

    [Fact]
    public async Task A_change_of_another_rule_ends_nothing()
    {
        await StartAsync(AccessRights.Listen);
        var connection = await ConnectAsync("first");
        var receiver = await ReceiverAsync(connection);

        await fixture.Broker.UpdateQueueAsync("orders", new QueueSettings { Rules = [new("agent", "first", "", AccessRights.Listen), new("other", "key", "", AccessRights.Send)] });
        time.Advance(2 * LinkAccess.Grace);
        await fixture.Broker.SendAsync("orders", Message());

        (await receiver.ReceiveAsync(Wait)).ShouldNotBeNull();
        await connection.CloseAsync();
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    private async Task StartAsync(AccessRights rights)
    {
        fixture = await BrokerFixture.StartAsync(time);
        await fixture.Broker.CreateQueueAsync("orders", new QueueSettings { Rules = [new("agent", "first", "", rights)] });
    }

    private Task ChangeAsync(string key, AccessRights rights) => fixture.Broker.UpdateQueueAsync("orders", new QueueSettings { Rules = [new("agent", key, "", rights)] });

    private Task<Connection> ConnectAsync(string key) => new ConnectionFactory().CreateAsync(new Address("127.0.0.1", fixture.Broker.AmqpEndpoint.Port, "agent", key, "/", "amqp"));

    private static async Task<ReceiverLink> ReceiverAsync(Connection connection)
    {
        var attached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var receiver = new ReceiverLink(new Session(connection), "r", new Source { Address = "orders" }, (_, _) => attached.TrySetResult());
        receiver.AddClosedCallback((_, error) => attached.TrySetException(new AmqpException(error ?? new Error(ErrorCode.InternalError))));
        await attached.Task.WaitAsync(Wait);

        // A broker that refuses an attach answers it first, and closes then.
        await Task.Delay(200);
        return receiver.IsClosed ? throw new AmqpException(receiver.Error ?? new Error(ErrorCode.InternalError)) : receiver;
    }

    private static async Task<string?> ClosedAsync(ReceiverLink receiver)
    {
        using var limit = new CancellationTokenSource(Wait);
        while (!receiver.IsClosed)
        {
            // Credit wakes the broker, which looks whether the link may still have something.
            receiver.SetCredit(5, autoRestore: false);
            await Task.Delay(50, limit.Token);
        }

        return receiver.Error?.Condition?.ToString();
    }

    private static BrokerMessage Message() => new() { MessageId = Guid.NewGuid().ToString("N"), Body = "body"u8.ToArray() };
}
