using System.Diagnostics;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.DurableTask.Engine.Execution;
using VpsPilot.Embedded.DurableTask.Engine.History;
using VpsPilot.Embedded.DurableTask.Engine.Storage;
using VpsPilot.Embedded.DurableTask.Engine.Tracing;
using VpsPilot.Embedded.DurableTask.Hosting;

namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>Runs activities, each in a service scope of its own. One that a crash interrupts runs again; one whose result is committed never does.</summary>
internal sealed class ActivityDispatcher(HubParts hub, DurableTaskRegistry registry, IServiceProvider services, EngineContext context, ILogger logger)
{
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            long id;
            try
            {
                id = await hub.Activities.Reader.ReadAsync(ct);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                await RunOneAsync(id);
            }
            catch (Exception e)
            {
                if (ct.IsCancellationRequested)
                {
                    return;
                }

                EngineLog.ActivityNotRecorded(logger, id, e);
                await Task.Delay(TimeSpan.FromSeconds(1), hub.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                hub.Activities.Writer.TryWrite(id);
            }
        }
    }

    private async Task RunOneAsync(long id)
    {
        if (hub.Reader.Read(c => c.Query("SELECT instance_id, execution_id, task_id, name, version, input, trace_parent FROM activities WHERE id = $1", ActivityCall.Read, id)) is not [var call])
        {
            return;
        }

        var result = await ExecuteAsync(call);
        EngineLog.Activities.Add(1, KeyValuePair.Create<string, object?>("outcome", result is TaskCompleted ? "completed" : "failed"));
        var delivered = await hub.Writer.CommitAsync(c =>
            c.Execute("DELETE FROM activities WHERE id = $1", id) == 1 && c.DeliverResult(call.InstanceId, call.ExecutionId, result));
        if (delivered)
        {
            hub.Ready.Add(call.InstanceId);
        }
    }

    private async Task<HistoryEntry> ExecuteAsync(ActivityCall call)
    {
        using var trace = EngineTrace.StartActivity(call.Name, call.InstanceId, call.TaskId, call.TraceParent);
        try
        {
            await using var scope = services.CreateAsyncScope();
            if (registry.FindActivity(call.Name, call.Version)?.Invoke(scope.ServiceProvider) is not { } activity)
            {
                var missing = new TaskFailureDetails(TaskNotFound.Activity, TaskNotFound.Message("activity", call.Name, call.Version), null, null, null);
                return new TaskFailed(call.TaskId, missing) { At = Now(), NonRetriable = true };
            }

            EngineLog.ActivityStarted(logger, call.InstanceId, call.Name);
            var output = await activity.RunAsync(call, context.Converter.Deserialize(call.Input, activity.InputType));
            EngineLog.ActivityCompleted(logger, call.InstanceId, call.Name);
            return new TaskCompleted(call.TaskId, context.Converter.Serialize(output)) { At = Now() };
        }
        catch (OperationCanceledException) when (services.GetRequiredService<ActivityInterruption>().Token.IsCancellationRequested)
        {
            throw; // It gave way to the stop: nothing is recorded, so it runs again at the next start.
        }
        catch (Exception e)
        {
            EngineLog.ActivityFailed(logger, call.InstanceId, call.Name, e);
            trace.SetStatus(ActivityStatusCode.Error, e.Message);
            return new TaskFailed(call.TaskId, context.Failures.Read(e)) { At = Now() };
        }
    }

    private DateTime Now() => hub.Time.GetUtcNow().UtcDateTime;
}
