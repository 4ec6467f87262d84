using Microsoft.Extensions.Logging;

namespace VpsPilot.Embedded.Functions.Hosting;

/// <summary>Log messages of the embedded host. Event ids are stable.</summary>
internal static partial class HostLog
{
    [LoggerMessage(700, LogLevel.Error, "Function '{Function}' failed.")]
    public static partial void FunctionFailed(ILogger logger, string function, Exception exception);

    [LoggerMessage(701, LogLevel.Warning, "Function '{Function}' failed on message {MessageId}, delivery {DeliveryCount}; the message comes again or is dead-lettered.")]
    public static partial void MessageFailed(ILogger logger, string function, string? messageId, int deliveryCount, Exception exception);

    [LoggerMessage(702, LogLevel.Warning, "Function '{Function}' cannot receive from queue '{Queue}'; it tries again.")]
    public static partial void ReceiveFailed(ILogger logger, string function, string queue, Exception exception);

    [LoggerMessage(703, LogLevel.Error, "Timer function '{Function}' failed.")]
    public static partial void TimerFailed(ILogger logger, string function, Exception exception);

    [LoggerMessage(705, LogLevel.Warning, "Function '{Function}': the end of message {MessageId} could not be stored; it comes again when its lock is over.")]
    public static partial void SettlementFailed(ILogger logger, string function, string? messageId, Exception exception);

    [LoggerMessage(706, LogLevel.Warning, "Timer function '{Function}': its schedule could not be stored in {File}; a run that is missed while the host is down may not be made up for.")]
    public static partial void ScheduleNotStored(ILogger logger, string function, string file, Exception exception);

    [LoggerMessage(704, LogLevel.Information, "{Count} functions are served; HTTP routes start at /{Prefix}.")]
    public static partial void Serving(ILogger logger, int count, string prefix);
}
