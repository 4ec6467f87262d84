using Microsoft.Extensions.Logging;

namespace VpsPilot.Messaging.Receiving;

internal static partial class ReceiverLog
{
    [LoggerMessage(EventId = 3010, Level = LogLevel.Information, Message = "Receiving from {Queue} at {Endpoint}.")]
    public static partial void Connected(ILogger logger, string queue, Uri endpoint);

    [LoggerMessage(EventId = 3011, Level = LogLevel.Warning, Message = "Receiving from {Queue} starts again in {Wait}: {Reason}")]
    public static partial void Reconnecting(ILogger logger, string queue, TimeSpan wait, string reason);

    [LoggerMessage(EventId = 3012, Level = LogLevel.Error, Message = "The handler of {Queue} failed on message {MessageId} (delivery {DeliveryCount}); it is abandoned.")]
    public static partial void HandlerFailed(ILogger logger, string queue, string messageId, int deliveryCount, Exception exception);

    [LoggerMessage(EventId = 3013, Level = LogLevel.Warning, Message = "Message {MessageId} of {Queue} could not be settled and may come again: {Reason}")]
    public static partial void NotSettled(ILogger logger, string queue, string messageId, string reason);

    [LoggerMessage(EventId = 3014, Level = LogLevel.Warning, Message = "The lock of message {MessageId} of {Queue} could not be renewed: {Reason}")]
    public static partial void NotRenewed(ILogger logger, string queue, string messageId, string reason);

    [LoggerMessage(EventId = 3015, Level = LogLevel.Warning, Message = "Receiving from {Queue} stopped with {Count} handlers still running; their messages will come again.")]
    public static partial void DrainTimedOut(ILogger logger, string queue, int count);

    [LoggerMessage(EventId = 3016, Level = LogLevel.Debug, Message = "The broker confirmed {Settlement} of message {MessageId} of {Queue}.")]
    public static partial void Settled(ILogger logger, string queue, string messageId, SettlementKind settlement);
}
