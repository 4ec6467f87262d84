using Microsoft.Extensions.Logging;
using NSubstitute;

namespace VpsPilot.Embedded.DurableTask.Tests.Scenarios;

/// <summary>Hands what one logger writes to a test.</summary>
internal sealed class Recorder(string category, Action<EventId, string, Exception?> record) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => categoryName == category ? new Lines(record) : Substitute.For<ILogger>();

    public void Dispose()
    {
    }

    private sealed class Lines(Action<EventId, string, Exception?> record) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            record(eventId, formatter(state, exception), exception);
    }
}
