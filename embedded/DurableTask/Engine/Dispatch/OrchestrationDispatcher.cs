using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.DurableTask.Engine.Execution;
using VpsPilot.Embedded.DurableTask.Engine.History;
using VpsPilot.Embedded.DurableTask.Engine.Storage;
using VpsPilot.Embedded.DurableTask.Engine.Tracing;
using VpsPilot.Embedded.DurableTask.Hosting;

namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>Advances instances: takes what is in an inbox, runs the orchestrator, commits the step.</summary>
internal sealed class OrchestrationDispatcher(HubParts hub, DurableTaskRegistry registry, IServiceProvider services, EngineContext context, EmbeddedDurableTaskOptions options, ILogger logger)
{
    private const int LargestEpisode = 5000;

    private readonly SessionCache cache = new(options.SessionsInMemory);
    private readonly LaterOffers later = new(hub);

    /// <summary>Takes ready instances until canceled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            string instanceId;
            try
            {
                instanceId = await hub.Ready.TakeAsync(ct);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                await AdvanceAsync(instanceId, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                EngineLog.StepFailed(logger, instanceId, e);
                later.AddAfterFault(instanceId, ct);
            }
            catch (Exception)
            {
                return; // Stopping: the step was not committed and is done again at the next start.
            }
            finally
            {
                hub.Ready.Release(instanceId);
            }
        }
    }

    private async Task AdvanceAsync(string instanceId, CancellationToken ct)
    {
        var (instance, inbox) = hub.Reader.Read(c =>
        {
            var row = c.FindInstance(instanceId);
            return (row, row?.Status == OrchestrationRuntimeStatus.Suspended ? c.NextSteering(instanceId) : c.ReadInbox(instanceId, LargestEpisode));
        });
        if (inbox.Count == 0)
        {
            return;
        }

        if (instance is null || instance.Ended)
        {
            later.Forget(instanceId);
            await hub.Writer.CommitAsync(c => c.Execute("DELETE FROM inbox WHERE instance_id = $1", instanceId));
            return;
        }

        if (!await context.Admission.IsAcceptedAsync(instance))
        {
            later.AddAfterRefusal(instanceId, ct); // It stays in the inbox: the filter, or the program's next version, may take it.
            return;
        }

        var session = cache.Take(instanceId, instance.ExecutionId) ?? Load(instance);
        var episode = Episode.Select(instance, session.Started, inbox);
        if (episode.Consumed.Count == 0)
        {
            cache.Put(instanceId, session);
            return;
        }

        await StepAsync(instance, session, episode);
        later.Forget(instanceId);
        if (inbox.Count == LargestEpisode || instance.Status == OrchestrationRuntimeStatus.Suspended)
        {
            hub.Ready.Add(instanceId);
        }
    }

    private async Task StepAsync(InstanceRow instance, Session session, Episode episode)
    {
        var now = hub.Time.GetUtcNow().UtcDateTime;
        now = now > session.LastStep ? now : session.LastStep;
        HistoryEntry[] entries = [new EpisodeStarted { At = now }, .. episode.Accepted];
        var execution = session.Execution;
        IReadOnlyList<ActionEntry> actions = [];
        try
        {
            actions = [.. execution.Advance(entries).Select(a => a with { At = now })];
        }
        catch (NonDeterministicOrchestrationException e)
        {
            execution.Fail(e);
        }

        var commit = new EpisodeCommit(instance, episode, entries, actions, execution, session.NextSequence, now);
        var effects = await hub.Writer.CommitAsync(commit.Write);
        await (options.AfterStep?.Invoke() ?? Task.CompletedTask);
        EngineLog.Steps.Add(1);
        Log(instance, episode, execution);
        session.Trace?.Step(entries, actions, execution.Completion, now);
        session.NextSequence += entries.Length + actions.Count;
        session.LastStep = now;
        session.Started = episode.Started;
        if (execution.Completion is null)
        {
            cache.Put(instance.InstanceId, session);
        }

        hub.Publish(effects);
        hub.Watch.Changed(instance.InstanceId);
    }

    private Session Load(InstanceRow instance)
    {
        var history = hub.Reader.Read(c => c.Query("SELECT entry FROM history WHERE instance_id = $1 ORDER BY seq", r => HistoryJson.ReadEntry(r.GetString(0)), instance.InstanceId));
        var orchestrator = OrchestratorFor(instance);
        var execution = new OrchestrationExecution(instance.Identity, orchestrator, context);
        try
        {
            if (orchestrator is RefusedOrchestrator refused)
            {
                execution.Fail(refused.Reason);
            }
            else
            {
                execution.Replay(history);
            }
        }
        catch (NonDeterministicOrchestrationException e)
        {
            execution.Fail(e);
        }

        var trace = OrchestrationTrace.Of(instance);
        trace?.Saw(history);
        return new Session(instance.ExecutionId, execution, history.Count)
        {
            Trace = trace,
            LastStep = history.Count > 0 ? history[^1].At : default,
            Started = history.Exists(e => e is ExecutionStarted),
        };
    }

    private ITaskOrchestrator OrchestratorFor(InstanceRow instance)
    {
        if (context.Admission.Refusal(instance) is { } refusal)
        {
            return new RefusedOrchestrator(refusal);
        }

        try
        {
            return registry.FindOrchestrator(instance.Name, instance.Version)?.Invoke(services) ?? new RefusedOrchestrator(TaskNotFoundException.Orchestrator(instance.Name, instance.Version));
        }
        catch (Exception e)
        {
            return new RefusedOrchestrator(e); // It cannot be made, for example for want of a service: trying again would not help.
        }
    }

    private void Log(InstanceRow instance, Episode episode, OrchestrationExecution execution)
    {
        if (instance.Status == OrchestrationRuntimeStatus.Pending && episode.Started)
        {
            EngineLog.OrchestrationStarted(logger, instance.InstanceId, instance.Name);
        }

        if (execution.Completion is not { } end || execution.StartsOver is not null)
        {
            return;
        }

        if (end.Failure is { } failure)
        {
            EngineLog.OrchestrationFailed(logger, instance.InstanceId, instance.Name, failure.ErrorMessage, execution.Cause);
        }
        else
        {
            EngineLog.OrchestrationCompleted(logger, instance.InstanceId, instance.Name, end.Status);
        }
    }
}
