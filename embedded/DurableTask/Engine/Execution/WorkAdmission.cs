using Microsoft.DurableTask.Abstractions;
using Microsoft.DurableTask.Worker;
using VpsPilot.Embedded.DurableTask.Engine.Dispatch;
using VpsPilot.Embedded.DurableTask.Engine.History;
using VpsPilot.Embedded.DurableTask.Engine.Storage;

namespace VpsPilot.Embedded.DurableTask.Engine.Execution;

/// <summary>Which orchestrations this worker takes: by the app's filter, and by version.</summary>
internal sealed class WorkAdmission(DurableTaskWorkerOptions.VersioningOptions? versioning, IOrchestrationFilter? filter)
{
    /// <summary>False when the orchestration is to stay for another worker.</summary>
    public async ValueTask<bool> IsAcceptedAsync(InstanceRow instance)
    {
        if (filter is not null && !await filter.IsOrchestrationValidAsync(new OrchestrationFilterParameters { Name = instance.Name, Tags = HistoryJson.ReadTags(instance.Tags) }))
        {
            return false;
        }

        return versioning is not { FailureStrategy: DurableTaskWorkerOptions.VersionFailureStrategy.Reject } || Mismatch(instance) is null;
    }

    /// <summary>Why the orchestration must fail; null when it must not.</summary>
    public TaskNotFoundException? Refusal(InstanceRow instance) => Mismatch(instance) is { } message ? new TaskNotFoundException(TaskNotFound.VersionMismatch, message) : null;

    private string? Mismatch(InstanceRow instance)
    {
        if (versioning is null)
        {
            return null;
        }

        var order = TaskOrchestrationVersioningUtils.CompareVersions(instance.Version, versioning.Version);
        return versioning.MatchStrategy switch
        {
            DurableTaskWorkerOptions.VersionMatchStrategy.Strict when order != 0 => $"The orchestration version '{instance.Version}' does not match the worker version '{versioning.Version}'.",
            DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder when order > 0 => $"The orchestration version '{instance.Version}' is greater than the worker version '{versioning.Version}'.",
            _ => null,
        };
    }
}
