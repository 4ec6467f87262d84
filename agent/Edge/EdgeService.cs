using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VpsPilot.Agent.Edge;

/// <summary>Starts the edge with the agent, without letting the agent wait for it. Afterwards systemd keeps it running.</summary>
internal sealed partial class EdgeService(Edge edge, TimeProvider time, ILogger<EdgeService> logger) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await edge.EnsureAsync(stoppingToken) is { } failure)
        {
            LogFailed(logger, failure.Message, failure.Hint);
            await Task.Delay(Again, time, stoppingToken);
        }
    }

    [LoggerMessage(EventId = 5501, Level = LogLevel.Error, Message = "{Message} {Hint}")]
    private static partial void LogFailed(ILogger logger, string message, string? hint);
}
