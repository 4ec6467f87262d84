using Microsoft.DurableTask.Client;

namespace VpsPilot.Embedded.DurableTask.Engine.Client;

/// <summary>The statuses in which an instance of the same id forbids a new one.</summary>
internal sealed class Deduplication
{
    /// <summary>What counts when none are named: an instance that has not ended.</summary>
    public static readonly Deduplication Default = new([OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended]);

    private static readonly OrchestrationRuntimeStatus[] NotEnded = [.. Default.forbidding];

    private readonly HashSet<OrchestrationRuntimeStatus> forbidding;

    private Deduplication(HashSet<OrchestrationRuntimeStatus> forbidding) => this.forbidding = forbidding;

    /// <summary>Reads the names of statuses; null means the default, none means that any instance may be replaced.</summary>
    /// <exception cref="ArgumentException">
    /// A name is unknown; or <c>Terminated</c> is named and a status before the end is not, so that replacing a running instance, which terminates it, would forbid itself.
    /// </exception>
    public static Deduplication Of(IReadOnlyList<string>? names)
    {
        if (names is null)
        {
            return Default;
        }

        var statuses = new HashSet<OrchestrationRuntimeStatus>();
        foreach (var name in names)
        {
            statuses.Add(Enum.TryParse<OrchestrationRuntimeStatus>(name, ignoreCase: true, out var status) && Enum.IsDefined(status)
                ? status
                : throw new ArgumentException($"'{name}' is no orchestration status. Deduplication takes: {string.Join(", ", StartOrchestrationOptionsExtensions.ValidDedupeStatuses)}.", nameof(names)));
        }

        return statuses.Contains(OrchestrationRuntimeStatus.Terminated) && !NotEnded.All(statuses.Contains)
            ? throw new ArgumentException($"Deduplication by Terminated needs {string.Join(", ", NotEnded)} as well: a running instance is terminated before it is replaced.", nameof(names))
            : new Deduplication(statuses);
    }

    public bool Forbids(OrchestrationRuntimeStatus status) => forbidding.Contains(status);
}
