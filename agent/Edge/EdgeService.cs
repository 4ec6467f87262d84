using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VpsPilot.Agent.Edge;

/// <summary>Starts the edge with the agent, without letting the agent wait for it. Afterwards systemd keeps it running.</summary>
internal sealed partial class EdgeService(Edge edge, TimeProvider time, ILogger<EdgeService> logger) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryEnsureAsync(stoppingToken))
            await Task.Delay(Again, time, stoppingToken);
    }

    /// <summary>Whatever goes wrong, a full disk too, is tried again: it must not end the agent.</summary>
    private async Task<bool> TryEnsureAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await edge.EnsureAsync(cancellationToken) is not { } failure)
                return true;
            LogFailed(logger, failure.Message, failure.Hint);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, e.Message, "It is tried again.");
        }

        return false;
    }

    [LoggerMessage(EventId = 5501, Level = LogLevel.Error, Message = "{Message} {Hint}")]
    private static partial void LogFailed(ILogger logger, string message, string? hint);
}
