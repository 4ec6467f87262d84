using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace VpsPilot.Embedded.Broker.Amqp.Links;

internal static class LinkErrors
{
    public static Error From(Exception error) => error switch
    {
        AmqpException amqp => amqp.Error,
        QueueNotFoundException missing => new Error(ErrorCode.NotFound) { Description = missing.Message },
        _ => new Error(ErrorCode.InternalError) { Description = "The change could not be stored." },
    };

    public static void Close(ListenerLink link, string condition, string description)
    {
        try
        {
            lock (SessionSending.Of(link.Session).Gate)
                link.Close(TimeSpan.Zero, new Error(condition) { Description = description });
        }
        catch (Exception e) when (e is AmqpException or ObjectDisposedException)
        {
            // Already gone.
        }
    }
}
