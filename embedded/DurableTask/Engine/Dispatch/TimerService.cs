using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.DurableTask.Engine.History;
using VpsPilot.Embedded.DurableTask.Engine.Storage;

namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>Fires timers when they are due. They live on disk, ordered by time; memory holds only the next instant to wake at.</summary>
internal sealed class TimerService(HubParts hub, ILogger logger)
{
    /// <summary>Task id of the timer that starts an orchestration scheduled for later.</summary>
    public const int StartTimer = -1;

    private const int LargestBatch = 2000;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await FireOrSleepAsync(ct);
            }
            catch (Exception e)
            {
                if (ct.IsCancellationRequested)
                {
                    return;
                }

                // A disk that is full for a moment must not cost every timer from then on.
                EngineLog.TimersNotFired(logger, e);
                await Task.Delay(PauseAfterFault, hub.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FireOrSleepAsync(CancellationToken ct)
    {
        var woken = hub.TimerAdded.Next();
        var now = hub.Time.GetUtcNow().UtcDateTime;
        var due = hub.Reader.Read(c => c.Scalar("SELECT min(fire_at) FROM timers")) is long ticks ? Ticks.ToTime(ticks) : DateTime.MaxValue;
        if (due <= now)
        {
            await FireAsync(now);
            return;
        }

        hub.TimerAdded.SleepUntil(due);
        using var sleep = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var pause = due - now < LongestSleep ? due - now : LongestSleep;
        await Task.WhenAny(woken, Task.Delay(pause, hub.Time, sleep.Token));
        await sleep.CancelAsync();
    }

    private async Task FireAsync(DateTime now)
    {
        var fired = await hub.Writer.CommitAsync(c =>
        {
            var due = c.Query(
                $"SELECT instance_id, execution_id, task_id FROM timers WHERE fire_at <= $1 ORDER BY fire_at LIMIT {LargestBatch}",
                r => (InstanceId: r.GetString(0), ExecutionId: r.GetString(1), TaskId: r.GetInt32(2)), now.Ticks);
            foreach (var timer in due)
            {
                c.Execute("DELETE FROM timers WHERE instance_id = $1 AND execution_id = $2 AND task_id = $3", timer.InstanceId, timer.ExecutionId, timer.TaskId);
                if (timer.TaskId == StartTimer)
                {
                    c.AddToInbox(timer.InstanceId, null, new ExecutionStarted(c.FindInstance(timer.InstanceId)?.Input) { At = now }, Statements.First);
                }
                else
                {
                    c.DeliverResult(timer.InstanceId, timer.ExecutionId, new TimerFired(timer.TaskId) { At = now });
                }
            }

            return due;
        });
        fired.ForEach(timer => hub.Ready.Add(timer.InstanceId));
    }
}

/// <summary>Wakes the timer service when a timer was added that is due before the one it sleeps for.</summary>
internal sealed class TimerSignal
{
    private readonly Lock gate = new();
    private TaskCompletionSource source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTime sleepingUntil;

    /// <summary>Ends when a timer is added that is due before the instant given to <see cref="SleepUntil"/>; until that is given, any timer.</summary>
    public Task Next()
    {
        lock (gate)
        {
            sleepingUntil = DateTime.MaxValue;
            source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return source.Task;
        }
    }

    public void SleepUntil(DateTime due)
    {
        lock (gate)
        {
            sleepingUntil = due;
        }
    }

    public void Added(DateTime fireAt)
    {
        lock (gate)
        {
            if (fireAt < sleepingUntil)
            {
                source.TrySetResult();
            }
        }
    }
}
