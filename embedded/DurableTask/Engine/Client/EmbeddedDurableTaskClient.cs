using System.Diagnostics;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Engine.Dispatch;
using VpsPilot.Embedded.DurableTask.Engine.History;
using VpsPilot.Embedded.DurableTask.Engine.Storage;
using VpsPilot.Embedded.DurableTask.Engine.Tracing;

namespace VpsPilot.Embedded.DurableTask.Engine.Client;

/// <summary>The client of the task hub in the same process.</summary>
internal sealed partial class EmbeddedDurableTaskClient(HubParts hub, DurableTaskClientOptions options) : DurableTaskClient("")
{
    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, object? input = null, StartOrchestrationOptions? start = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        cancellation.ThrowIfCancellationRequested();
        var now = Now();
        var instanceId = string.IsNullOrEmpty(start?.InstanceId) ? Guid.NewGuid().ToString("N") : start.InstanceId;
        using var span = EngineTrace.StartCreation(orchestratorName.Name, instanceId);
        var row = new InstanceRow
        {
            InstanceId = instanceId,
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
        var dedupe = Deduplication.Of(start?.DedupeStatuses);
        Wake(row.InstanceId, startAt, await hub.Writer.CommitAsync(c => Start(c, row, startAt, dedupe)));
        return row.InstanceId;
    }

    public override async Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        using var span = EngineTrace.StartEvent(eventName, instanceId);
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
            return (next.InstanceId, Told: Start(c, next, startAt: null, Deduplication.Default));
        });
        Wake(restarted.InstanceId, startAt: null, restarted.Told);
        return restarted.InstanceId;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Writes a new instance; returns the id of a parent that was told of the end of the one it replaces.</summary>
    private static string? Start(HubConnection c, InstanceRow row, DateTime? startAt, Deduplication dedupe)
    {
        string? told = null;
        if (c.FindInstance(row.InstanceId) is { } existing)
        {
            if (dedupe.Forbids(existing))
            {
                throw new OrchestrationAlreadyExistsException($"An orchestration with instance ID '{row.InstanceId}' and status {existing.Status} already exists.");
            }

            told = c.Replace(existing, row.CreatedAt);
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

        return told;
    }

    private void Wake(string instanceId, DateTime? startAt, string? parent)
    {
        if (parent is not null)
        {
            hub.Ready.Add(parent);
        }

        hub.Watch.Changed(instanceId);
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
            if (row is not null && reached(row))
            {
                hub.Watch.Changed(instanceId);
                return row.ToMetadata(options.DataConverter, inputsAndOutputs);
            }

            await WaitAsync(change, instanceId, cancellation);
        }
    }

    private async Task WaitAsync(Task change, string instanceId, CancellationToken cancellation)
    {
        try
        {
            await change.WaitAsync(cancellation);
        }
        catch (TaskCanceledException e)
        {
            hub.Watch.Changed(instanceId); // Those who still wait look and come back; nothing is kept for one who does not.
            throw new OperationCanceledException($"The wait for orchestration {instanceId} was canceled.", e, cancellation);
        }
    }

    private DateTime Now() => hub.Time.GetUtcNow().UtcDateTime;
}
