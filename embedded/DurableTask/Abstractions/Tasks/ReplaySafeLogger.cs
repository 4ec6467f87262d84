using Microsoft.Extensions.Logging;

namespace Microsoft.DurableTask;

/// <summary>Makes loggers that are silent while the orchestration is replayed.</summary>
internal sealed class ReplaySafeLoggerFactory(TaskOrchestrationContext context, Func<ILoggerFactory> beneath) : ILoggerFactory
{
    private const int DeepestWrapping = 10;

    private readonly Func<ILoggerFactory> beneath = beneath;

    public ILogger CreateLogger(string categoryName) => new ReplaySafeLogger(context, Innermost().CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Adding a provider to a replay-safe logger factory is not supported: add it to the host's logging.");

    public void Dispose()
    {
        // The factory beneath belongs to the host.
    }

    /// <summary>A context may wrap another and hand out that one's factory: the silence is asked for once, of the outer one.</summary>
    private ILoggerFactory Innermost()
    {
        var factory = beneath();
        for (var depth = 0; factory is ReplaySafeLoggerFactory wrapped; depth++)
        {
            factory = depth < DeepestWrapping ? wrapped.beneath() : throw new InvalidOperationException("Maximum unwrap depth exceeded: the context's LoggerFactory leads back to its own replay-safe factory.");
        }

        return factory;
    }

    private sealed class ReplaySafeLogger(TaskOrchestrationContext context, ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!context.IsReplaying)
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
