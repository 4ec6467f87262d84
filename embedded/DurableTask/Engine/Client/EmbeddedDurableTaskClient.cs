using System.Diagnostics;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Engine.Dispatch;
using VpsPilot.Embedded.DurableTask.Engine.History;
using VpsPilot.Embedded.DurableTask.Engine.Storage;

namespace VpsPilot.Embedded.DurableTask.Engine.Client;

/// <summary>The client of the task hub in the same process.</summary>
internal sealed partial class EmbeddedDurableTaskClient(HubParts hub, DurableTaskClientOptions options) : DurableTaskClient("")
{
    private static readonly string[] DefaultDedupe = [nameof(OrchestrationRuntimeStatus.Pending), nameof(OrchestrationRuntimeStatus.Running), nameof(OrchestrationRuntimeStatus.Suspended)];

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, object? input = null, StartOrchestrationOptions? start = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        cancellation.ThrowIfCancellationRequested();
        var now = Now();
        var row = new InstanceRow
        {
            InstanceId = string.IsNullOrEmpty(start?.InstanceId) ? Guid.NewGuid().ToString("N") : start.InstanceId,
            ExecutionId = Guid.NewGuid().ToString("N"),
            Name = orchestratorName.Name,
            Version = start?.Version is { } version ? version.Version ?? "" : options.DefaultVersion ?? "",
            Status = OrchestrationRuntimeStatus.Pending,
            CreatedAt = now,
            UpdatedAt = now,
            Input = options.DataConverter.Serialize(input),
            Tags = HistoryJson.Write(start?.Tags),
            TraceParent = Activity.Current?.Id,
        };
        var startAt = start?.StartAt?.UtcDateTime is { } later && later > now ? later : (DateTime?)null;
        var dedupe = start?.DedupeStatuses ?? DefaultDedupe;
        await hub.Writer.CommitAsync(c => Start(c, row, startAt, dedupe));
        Wake(row.InstanceId, startAt);
        return row.InstanceId;
    }

    public override async Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        await DeliverAsync(instanceId, new EventRaised(eventName, options.DataConverter.Serialize(eventPayload)) { At = Now() }, cancellation);
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        DeliverAsync(instanceId, new ExecutionSuspended(reason) { At = Now() }, cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        DeliverAsync(instanceId, new ExecutionResumed(reason) { At = Now() }, cancellation);

    public override async Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? terminate = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        var end = new ExecutionTerminated(options.DataConverter.Serialize(terminate?.Output)) { At = Now() };
        var reached = await hub.Writer.CommitAsync(c =>
        {
            List<string> ids = [instanceId];
            for (var i = 0; terminate?.Recursive == true && i < ids.Count; i++)
            {
                ids.AddRange(c.ChildrenOf(ids[i]));
            }

            return ids.FindAll(id => c.Deliver(id, end));
        });
        reached.ForEach(hub.Ready.Add);
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitUntilAsync(instanceId, row => row.Status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitUntilAsync(instanceId, row => row.Ended, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return Task.FromResult(hub.Reader.Read(c => c.FindInstance(instanceId))?.ToMetadata(options.DataConverter, getInputsAndOutputs));
    }

    public override async Task<string> RestartAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var restarted = await hub.Writer.CommitAsync(c =>
        {
            var row = c.FindInstance(instanceId) ?? throw new ArgumentException($"An orchestration with the instanceId {instanceId} was not found.", nameof(instanceId));
            if (!row.Ended && !restartWithNewInstanceId)
            {
                throw new InvalidOperationException($"An orchestration with the instanceId {instanceId} cannot be restarted: it has not ended.");
            }

            var now = Now();
            var next = row with
            {
                InstanceId = restartWithNewInstanceId ? Guid.NewGuid().ToString("N") : instanceId,
                ExecutionId = Guid.NewGuid().ToString("N"),
                Status = OrchestrationRuntimeStatus.Pending,
                CreatedAt = now,
                UpdatedAt = now,
                Output = null,
                CustomStatus = null,
                Failure = null,
                Parent = null,
            };
            return Start(c, next, startAt: null, DefaultDedupe);
        });
        Wake(restarted, startAt: null);
        return restarted;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Start(HubConnection c, InstanceRow row, DateTime? startAt, IReadOnlyList<string> dedupe)
    {
        if (c.FindInstance(row.InstanceId) is { } existing)
        {
            if (dedupe.Contains(existing.Status.ToString(), StringComparer.OrdinalIgnoreCase))
            {
                throw new OrchestrationAlreadyExistsException($"An orchestration with instance ID '{row.InstanceId}' and status {existing.Status} already exists.");
            }

            c.RemoveInstance(row.InstanceId);
        }

        c.InsertInstance(row);
        if (startAt is { } later)
        {
            c.InsertTimer(row.InstanceId, row.ExecutionId, TimerService.StartTimer, later);
        }
        else
        {
            c.AddToInbox(row.InstanceId, null, new ExecutionStarted(row.Input) { At = row.CreatedAt }, Statements.First);
        }

        return row.InstanceId;
    }

    private void Wake(string instanceId, DateTime? startAt)
    {
        if (startAt is { } later)
        {
            hub.TimerAdded.Added(later);
        }
        else
        {
            hub.Ready.Add(instanceId);
        }
    }

    private async Task DeliverAsync(string instanceId, HistoryEntry entry, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        if (await hub.Writer.CommitAsync(c => c.Deliver(instanceId, entry)))
        {
            hub.Ready.Add(instanceId);
        }
    }

    private async Task<OrchestrationMetadata> WaitUntilAsync(string instanceId, Func<InstanceRow, bool> reached, bool inputsAndOutputs, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        while (true)
        {
            var change = hub.Watch.NextChange(instanceId);
            var row = hub.Reader.Read(c => c.FindInstance(instanceId));
            if (row is null || reached(row))
            {
                hub.Watch.Changed(instanceId);
                return row?.ToMetadata(options.DataConverter, inputsAndOutputs)
                    ?? throw new InvalidOperationException($"An orchestration with the instanceId {instanceId} was not found.");
            }

            await change.WaitAsync(cancellation);
        }
    }

    private DateTime Now() => hub.Time.GetUtcNow().UtcDateTime;
}
