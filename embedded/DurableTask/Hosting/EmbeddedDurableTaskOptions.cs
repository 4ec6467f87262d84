namespace VpsPilot.Embedded.DurableTask.Hosting;

/// <summary>How the embedded engine runs.</summary>
public sealed class EmbeddedDurableTaskOptions
{
    /// <summary>The task hub's SQLite file; default <c>durabletask.db</c> in the working directory.</summary>
    public string DatabasePath { get; set; } = "durabletask.db";

    /// <summary>Activities that run at the same time; default 64.</summary>
    public int MaxConcurrentActivities { get; set; } = 64;

    /// <summary>Orchestrations that are advanced at the same time; default 64.</summary>
    public int MaxConcurrentOrchestrators { get; set; } = 64;

    /// <summary>
    /// Orchestrations kept in memory between their steps; others are replayed from disk. Default 0: each step replays, as on Azure
    /// unless extended sessions are on, so that code that is not deterministic shows at once. The embedded Functions host keeps 500.
    /// </summary>
    public int SessionsInMemory { get; set; }

    /// <summary>
    /// Longest wait for running activities when the host stops; default 20 seconds. They are left alone for the first half of it and asked to
    /// end then (<see cref="ActivityInterruption"/>). What is still running at its end runs again at the next start.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>For tests of restarts: awaited when a step is on disk and nothing was done about it in memory.</summary>
    internal Func<Task>? AfterStep { get; set; }
}
