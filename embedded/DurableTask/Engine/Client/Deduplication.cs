using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Engine.Storage;

namespace VpsPilot.Embedded.DurableTask.Engine.Client;

/// <summary>The statuses in which an instance of the same id forbids a new one.</summary>
internal sealed class Deduplication
{
    /// <summary>What counts when none are named: an instance that has not ended.</summary>
    public static readonly Deduplication Default = new([OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended]);

    private readonly HashSet<OrchestrationRuntimeStatus> forbidding;

    private Deduplication(HashSet<OrchestrationRuntimeStatus> forbidding) => this.forbidding = forbidding;

    /// <summary>Reads the names of statuses; null means the default, none means that any instance may be replaced.</summary>
    /// <exception cref="ArgumentException">A name is unknown.</exception>
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
                : throw new ArgumentException($"Invalid orchestration runtime status: '{name}' for deduplication. It takes: {string.Join(", ", StartOrchestrationOptionsExtensions.ValidDedupeStatuses)}.", nameof(names)));
        }

        return new Deduplication(statuses);
    }

    /// <summary>Whether an instance in this status forbids a new one of its id.</summary>
    /// <exception cref="ArgumentException">It may be replaced while it runs, which terminates it, and <c>Terminated</c> forbids what follows.</exception>
    public bool Forbids(InstanceRow existing)
    {
        if (forbidding.Contains(existing.Status))
        {
            return true;
        }

        return !existing.Ended && forbidding.Contains(OrchestrationRuntimeStatus.Terminated)
            ? throw new ArgumentException($"Instance '{existing.InstanceId}' is {existing.Status}. To replace it would terminate it, and deduplication by Terminated forbids the rest: name {existing.Status} too, or leave Terminated out.", nameof(existing))
            : false;
    }
}
