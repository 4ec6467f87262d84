using Microsoft.Extensions.Logging;

namespace VpsPilot.Functions.Hosting;

/// <summary>What the control plane logs. Event ids are stable; no value of a secret is ever an argument.</summary>
internal static partial class ControlPlaneLog
{
    [LoggerMessage(1000, LogLevel.Error, "Function {Function} failed")]
    public static partial void FunctionFailed(this ILogger logger, Exception exception, string function);

    [LoggerMessage(1001, LogLevel.Warning, "The queue management API does not answer yet: {Reason}")]
    public static partial void QueuesNotReady(this ILogger logger, string reason);

    [LoggerMessage(1100, LogLevel.Warning, "An event of {Node} was dropped: {Reason}")]
    public static partial void EventDropped(this ILogger logger, string node, string reason);

    [LoggerMessage(1104, LogLevel.Warning, "An event of a node could not be handled at attempt {Attempt}; it is tried again")]
    public static partial void EventFailed(this ILogger logger, Exception exception, int attempt);

    [LoggerMessage(1101, LogLevel.Error, "Deferred deployments could not be dispatched; they are tried again")]
    public static partial void DispatchFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1102, LogLevel.Error, "Deployment {Deployment} of {Project} lost its orchestration and was ended")]
    public static partial void DeploymentReaped(this ILogger logger, string deployment, string project);

    [LoggerMessage(1103, LogLevel.Warning, "Node {Node} could not be told that deployment {Deployment} has ended: {Reason}")]
    public static partial void ReapedNodeNotTold(this ILogger logger, string node, string deployment, string reason);

    [LoggerMessage(1200, LogLevel.Information, "Delivery {Delivery} starts deployment {Deployment} of {Project}")]
    public static partial void DeliveryAccepted(this ILogger logger, string delivery, string deployment, string project);

    [LoggerMessage(1201, LogLevel.Warning, "A delivery for {Project} was refused: {Reason}")]
    public static partial void DeliveryRefused(this ILogger logger, string project, string reason);

    [LoggerMessage(1300, LogLevel.Error, "Sending through {Channel} failed; it is tried again")]
    public static partial void NoticeFailed(this ILogger logger, Exception exception, string channel);

    [LoggerMessage(1303, LogLevel.Error, "Occasion {Occasion} could not be told; it is tried again for a day")]
    public static partial void OccasionFailed(this ILogger logger, Exception exception, string occasion);

    [LoggerMessage(1301, LogLevel.Warning, "Delivery {Delivery} was given up after {Attempts} attempts: {Reason}")]
    public static partial void NoticeGivenUp(this ILogger logger, string delivery, int attempts, string reason);

    [LoggerMessage(1302, LogLevel.Information, "{Count} orchestrations that ended {Age} ago or more were purged, with their logs")]
    public static partial void Purged(this ILogger logger, int count, TimeSpan age);
}
