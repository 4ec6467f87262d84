using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask.Converters;

namespace Microsoft.DurableTask.Worker;

/// <summary>Options of a worker.</summary>
[SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "The shape is that of the public package.")]
public class DurableTaskWorkerOptions
{
    private VersioningOptions? versioning;

    /// <summary>Which versions a worker takes.</summary>
    public enum VersionMatchStrategy
    {
        /// <summary>All.</summary>
        None = 0,

        /// <summary>Its own.</summary>
        Strict = 1,

        /// <summary>Its own and older ones.</summary>
        CurrentOrOlder = 2,
    }

    /// <summary>What becomes of an orchestration of another version.</summary>
    public enum VersionFailureStrategy
    {
        /// <summary>It stays for another worker.</summary>
        Reject = 0,

        /// <summary>It fails.</summary>
        Fail = 1,
    }

    /// <summary>Converts inputs, outputs and events; default JSON.</summary>
    public DataConverter DataConverter { get; set; } = JsonDataConverter.Default;

    /// <summary>Longest single timer; longer waits are made of several. Default 3 days.</summary>
    public TimeSpan MaximumTimerInterval { get; set; } = TimeSpan.FromDays(3);

    /// <summary>Limits of what runs at the same time. The host's own limits hold too: the smaller of both counts.</summary>
    public ConcurrencyOptions Concurrency { get; } = new();

    /// <summary>Log categories.</summary>
    public LoggingOptions Logging { get; } = new();

    /// <summary>Versions the worker takes; null means all.</summary>
    public VersioningOptions? Versioning
    {
        get => versioning;
        set
        {
            versioning = value;
            IsVersioningSet = true;
        }
    }

    /// <summary>Whether <see cref="Versioning"/> was set.</summary>
    public bool IsVersioningSet { get; private set; }

    /// <summary>Decides which orchestrations the worker takes; null means all.</summary>
    public IOrchestrationFilter? OrchestrationFilter { get; set; }

    /// <summary>Not supported here; kept for the shape.</summary>
    public bool EnableEntitySupport { get; set; }

    /// <summary>Limits of what runs at the same time.</summary>
    public class ConcurrencyOptions
    {
        /// <summary>Activities.</summary>
        public int MaximumConcurrentActivityWorkItems { get; set; } = 100 * Environment.ProcessorCount;

        /// <summary>Orchestrations.</summary>
        public int MaximumConcurrentOrchestrationWorkItems { get; set; } = 100 * Environment.ProcessorCount;

        /// <summary>Entities; not supported here.</summary>
        public int MaximumConcurrentEntityWorkItems { get; set; } = 100 * Environment.ProcessorCount;
    }

    /// <summary>Log categories.</summary>
    public class LoggingOptions
    {
        /// <summary>Whether the category is the one of earlier releases; default true.</summary>
        public bool UseLegacyCategories { get; set; } = true;
    }

    /// <summary>Versions the worker takes.</summary>
    public class VersioningOptions
    {
        /// <summary>The worker's version.</summary>
        public string Version { get; set; } = string.Empty;

        /// <summary>Version of sub-orchestrations that name none.</summary>
        public string DefaultVersion { get; set; } = string.Empty;

        /// <summary>Which versions it takes.</summary>
        public VersionMatchStrategy MatchStrategy { get; set; } = VersionMatchStrategy.None;

        /// <summary>What becomes of the others.</summary>
        public VersionFailureStrategy FailureStrategy { get; set; } = VersionFailureStrategy.Reject;
    }
}
