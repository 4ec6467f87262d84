using DurableTask.Core.History;
using Microsoft.DurableTask.Internal;

namespace Microsoft.DurableTask.Client;

/// <summary>Starts, watches and steers orchestrations.</summary>
public abstract class DurableTaskClient : IOrchestrationSubmitter, IAsyncDisposable
{
    /// <summary>A client.</summary>
    protected DurableTaskClient(string name) => Name = name;

    /// <summary>Name of the client; empty is the default one.</summary>
    public string Name { get; }

    /// <summary>Starts an orchestration and returns its instance id. It is durable when this returns.</summary>
    /// <exception cref="global::DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException">An instance of the id exists in a status that forbids a new one.</exception>
    /// <exception cref="ArgumentException">A deduplication status is unknown, or a running instance may be replaced, which terminates it, and <c>Terminated</c> forbids that.</exception>
    public abstract Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default);

    /// <summary>Starts an orchestration without input.</summary>
    public virtual Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, CancellationToken cancellation) =>
        ScheduleNewOrchestrationInstanceAsync(orchestratorName, null, null, cancellation);

    /// <summary>Starts an orchestration.</summary>
    public virtual Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, object? input, CancellationToken cancellation) =>
        ScheduleNewOrchestrationInstanceAsync(orchestratorName, input, null, cancellation);

    /// <summary>Starts an orchestration without input.</summary>
    public virtual Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, StartOrchestrationOptions options, CancellationToken cancellation = default) =>
        ScheduleNewOrchestrationInstanceAsync(orchestratorName, null, options, cancellation);

    /// <summary>Sends an event. It is durable when this returns; one to an unknown or ended instance is dropped.</summary>
    public abstract Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default);

    /// <summary>Sends an event without payload.</summary>
    public virtual Task RaiseEventAsync(string instanceId, string eventName, CancellationToken cancellation) => RaiseEventAsync(instanceId, eventName, null, cancellation);

    /// <summary>Waits until the instance has left <see cref="OrchestrationRuntimeStatus.Pending"/>; where there is none of that id, until there is one.</summary>
    public abstract Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <summary>Waits until the instance has started.</summary>
    public virtual Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, CancellationToken cancellation) => WaitForInstanceStartAsync(instanceId, false, cancellation);

    /// <summary>Waits until the instance has ended; where there is none of that id, until there is one. Only the token ends the wait otherwise.</summary>
    public abstract Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <summary>Waits until the instance has ended.</summary>
    public virtual Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, CancellationToken cancellation) => WaitForInstanceCompletionAsync(instanceId, false, cancellation);

    /// <summary>Ends the instance.</summary>
    public virtual Task TerminateInstanceAsync(string instanceId, CancellationToken cancellation) => TerminateInstanceAsync(instanceId, (TerminateInstanceOptions?)null, cancellation);

    /// <summary>Ends the instance with an output.</summary>
    public virtual Task TerminateInstanceAsync(string instanceId, object? output, CancellationToken cancellation = default) =>
        TerminateInstanceAsync(instanceId, output as TerminateInstanceOptions ?? new TerminateInstanceOptions(output), cancellation);

    /// <summary>Ends the instance, and its sub-orchestrations when asked.</summary>
    public virtual Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) => throw Unsupported(nameof(TerminateInstanceAsync));

    /// <summary>Suspends the instance: its events are kept and not processed.</summary>
    public virtual Task SuspendInstanceAsync(string instanceId, CancellationToken cancellation) => SuspendInstanceAsync(instanceId, null, cancellation);

    /// <summary>Suspends the instance with a reason.</summary>
    public abstract Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default);

    /// <summary>Resumes a suspended instance.</summary>
    public virtual Task ResumeInstanceAsync(string instanceId, CancellationToken cancellation) => ResumeInstanceAsync(instanceId, null, cancellation);

    /// <summary>Resumes a suspended instance with a reason.</summary>
    public abstract Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default);

    /// <summary>The instance without inputs and outputs; null when there is none.</summary>
    public virtual Task<OrchestrationMetadata?> GetInstanceAsync(string instanceId, CancellationToken cancellation) => GetInstanceAsync(instanceId, false, cancellation);

    /// <summary>The instance; null when there is none.</summary>
    public virtual Task<OrchestrationMetadata?> GetInstanceAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => GetInstancesAsync(instanceId, getInputsAndOutputs, cancellation);

    /// <summary>The instance without inputs and outputs; null when there is none.</summary>
    public virtual Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, CancellationToken cancellation) => GetInstancesAsync(instanceId, false, cancellation);

    /// <summary>The instance; null when there is none.</summary>
    public abstract Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <summary>All instances that match.</summary>
    public abstract AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null);

    /// <summary>Removes an ended instance.</summary>
    public virtual Task<PurgeResult> PurgeInstanceAsync(string instanceId, CancellationToken cancellation) => PurgeInstanceAsync(instanceId, null, cancellation);

    /// <summary>Removes an ended instance, and its sub-orchestrations when asked.</summary>
    public virtual Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) => throw Unsupported(nameof(PurgeInstanceAsync));

    /// <summary>Removes the ended instances that match.</summary>
    public virtual Task<PurgeResult> PurgeAllInstancesAsync(PurgeInstancesFilter filter, CancellationToken cancellation) => PurgeAllInstancesAsync(filter, null, cancellation);

    /// <summary>Removes the ended instances that match, and their sub-orchestrations when asked.</summary>
    public virtual Task<PurgeResult> PurgeAllInstancesAsync(PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) => throw Unsupported(nameof(PurgeAllInstancesAsync));

    /// <summary>Starts an ended instance anew with its input.</summary>
    public virtual Task<string> RestartAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default) => throw Unsupported(nameof(RestartAsync));

    /// <summary>Takes a failed instance back to its last good point; not supported here.</summary>
    public virtual Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default) => throw Unsupported(nameof(RewindInstanceAsync));

    /// <summary>Ids of ended instances, by the time of their end.</summary>
    public virtual Task<Page<string>> ListInstanceIdsAsync(IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null, DateTimeOffset? completedTimeFrom = null, DateTimeOffset? completedTimeTo = null, int pageSize = OrchestrationQuery.DefaultPageSize, string? lastInstanceKey = null, CancellationToken cancellation = default) => throw Unsupported(nameof(ListInstanceIdsAsync));

    /// <summary>History of an instance, oldest first.</summary>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    public virtual Task<IList<HistoryEvent>> GetOrchestrationHistoryAsync(string instanceId, CancellationToken cancellation = default) => throw Unsupported(nameof(GetOrchestrationHistoryAsync));

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();

    private NotSupportedException Unsupported(string member) => new($"{GetType()} does not support {member}.");
}
