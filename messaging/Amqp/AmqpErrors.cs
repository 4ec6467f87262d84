using System.Net.Sockets;
using Amqp;
using Amqp.Framing;

namespace VpsPilot.Messaging.Amqp;

internal static class AmqpErrors
{
    /// <summary>The condition of Service Bus for a settlement that came too late.</summary>
    public const string LockLost = "com.microsoft:message-lock-lost";

    public static QueueException From(Error? error, string what)
    {
        var kind = error?.Condition?.ToString() switch
        {
            ErrorCode.NotFound or ErrorCode.ResourceDeleted => QueueError.NotFound,
            ErrorCode.UnauthorizedAccess => QueueError.Unauthorized,
            ErrorCode.MessageSizeExceeded => QueueError.TooLarge,
            LockLost => QueueError.LockLost,
            null or ErrorCode.DetachForced or ErrorCode.ConnectionForced or ErrorCode.InternalError or ErrorCode.IllegalState
                or "com.microsoft:server-busy" or "com.microsoft:timeout" => QueueError.Unreachable,
            _ => QueueError.Refused,
        };
        return new(kind, $"{what}: {error?.Description ?? error?.Condition?.ToString() ?? "the connection was lost"}");
    }

    public static QueueException From(Exception exception, string what) => exception switch
    {
        QueueException queue => queue,
        AmqpException amqp => From(amqp.Error, what),
        TimeoutException => new(QueueError.Unreachable, $"{what}: no answer in time", exception),
        _ => new(QueueError.Unreachable, $"{what}: {exception.Message}", exception),
    };

    /// <summary>What a broken transport throws, as opposed to a mistake in this program.</summary>
    public static bool IsTransport(Exception exception) =>
        exception is QueueException or AmqpException or SocketException or IOException or TimeoutException or ObjectDisposedException
            or System.Security.Authentication.AuthenticationException or OperationCanceledException or InvalidOperationException;
}
