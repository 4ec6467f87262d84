using Amqp;
using Amqp.Framing;

namespace VpsPilot.Messaging.Amqp;

/// <summary>Attaches links and waits for the broker's yes or no.</summary>
internal static class AmqpLinks
{
    public static Task<SenderLink> AttachSenderAsync(Session session, string address, TimeSpan timeout, CancellationToken cancellationToken) =>
        AttachAsync(
            opened => new SenderLink(session, Name(address), new Attach { Source = new Source(), Target = new Target { Address = address } }, opened),
            attach => attach.Target is not null, address, timeout, cancellationToken);

    public static Task<ReceiverLink> AttachReceiverAsync(
        Session session, string address, string? replyTo, ReceiverSettleMode mode, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var attach = new Attach { Source = new Source { Address = address }, Target = new Target { Address = replyTo }, RcvSettleMode = mode };
        return AttachAsync(opened => new ReceiverLink(session, Name(address), attach, opened), answer => answer.Source is not null, address, timeout, cancellationToken);
    }

    private static string Name(string address) => $"{address}:{Guid.NewGuid():N}";

    private static async Task<T> AttachAsync<T>(
        Func<OnAttached, T> create, Func<Attach, bool> isAccepted, string address, TimeSpan timeout, CancellationToken cancellationToken)
        where T : Link
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // A refusal is an attach without its end point, followed by a detach that says why.
        var link = create((_, attach) =>
        {
            if (isAccepted(attach))
                opened.TrySetResult();
        });
        link.AddClosedCallback((_, error) => opened.TrySetException(AmqpErrors.From(error, $"'{address}' could not be opened")));
        try
        {
            await opened.Task.WaitAsync(timeout, cancellationToken);
            return link;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            _ = link.CloseAsync(TimeSpan.Zero, null);
            throw;
        }
    }
}
