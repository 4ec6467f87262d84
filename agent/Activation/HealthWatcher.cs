using VpsPilot.Agent.Units;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Activation;

/// <summary>The app that is asked.</summary>
internal sealed record WatchedApp(string ProjectId, string ReleaseId, string Unit, int Port, ProjectConfig Config, AppLog.Mark LogMark);

/// <summary>Decides whether a started app is healthy, and whether it stays so.</summary>
internal sealed class HealthWatcher(ProjectUnits units, HealthProbe probe, AppLog log, TimeProvider time)
{
    /// <summary>So many crashes while it starts are a loop.</summary>
    private const int CrashLoop = 2;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan StatusPoll = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan MaxWatchPoll = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Waits until the app is healthy. An app that does not listen yet is asked often; an answer that is not the right one counts as a try.
    /// Ends early when the unit has failed or crashes again and again.
    /// </summary>
    /// <returns>Null when it is healthy.</returns>
    public async Task<Failure?> WaitAsync(WatchedApp app, string step, CancellationToken cancellationToken)
    {
        var check = app.Config.Deployment.HealthCheck;
        var started = time.GetTimestamp();
        var patience = check.Retries * check.Interval;
        var tries = 0;
        var asked = 0L;
        UnitStatus? down = null;
        while (true)
        {
            var last = await probe.AskAsync(app.Port, check, cancellationToken);
            if ((last.IsHealthy || asked == 0 || time.GetElapsedTime(asked) >= StatusPoll) && await units.StatusAsync(app.Unit, cancellationToken) is { } status)
            {
                // An answer counts only from the release itself: a stranger may hold the port.
                if (last.IsHealthy && status.IsRunning && (status.ReleaseId ?? app.ReleaseId) == app.ReleaseId)
                    return null;
                asked = time.GetTimestamp();
                down = status.IsDown ? status : down;
                var ended = status.Restarts + (status.IsDown ? 1 : 0);
                if (ended >= CrashLoop || status.ActiveState is "failed" or "inactive")
                    return await CrashedAsync(app, step, down ?? status, $"before it answered on port {app.Port}", cancellationToken);
            }

            var isAnswer = last is { HasAnswered: true, IsHealthy: false };
            tries += isAnswer ? 1 : 0;
            if (isAnswer ? tries >= check.Retries : time.GetElapsedTime(started) >= patience)
                return await UnhealthyAsync(app, step, last, time.GetElapsedTime(started), cancellationToken);
            await Task.Delay(isAnswer ? check.Interval : Poll, time, cancellationToken);
        }
    }

    /// <summary>Watches a healthy app for its window.</summary>
    /// <returns>Null when it stayed healthy.</returns>
    public async Task<Failure?> WatchAsync(WatchedApp app, CancellationToken cancellationToken)
    {
        var check = app.Config.Deployment.HealthCheck;
        var most = Math.Min(check.Retries, 3);
        var poll = check.Interval < MaxWatchPoll ? check.Interval : MaxWatchPoll;
        var started = time.GetTimestamp();
        var restartsBefore = (await units.StatusAsync(app.Unit, cancellationToken))?.Restarts ?? 0;
        var lastProbe = started;
        var failures = 0;
        while (time.GetElapsedTime(started) is var elapsed && elapsed < app.Config.Deployment.Watch)
        {
            var left = app.Config.Deployment.Watch - elapsed;
            await Task.Delay(left < poll ? left : poll, time, cancellationToken);
            if (await units.StatusAsync(app.Unit, cancellationToken) is { } status && (status.IsDown || status.Restarts > restartsBefore))
                return await CrashedAsync(app, Stages.Watch, status, FormattableString.Invariant($"{time.GetElapsedTime(started).TotalSeconds:0.0} s after it was healthy"), cancellationToken);
            if (time.GetElapsedTime(lastProbe) < check.Interval)
                continue;
            lastProbe = time.GetTimestamp();
            var seen = await probe.AskAsync(app.Port, check, cancellationToken);
            failures = seen.IsHealthy ? 0 : failures + 1;
            if (failures >= most)
                return await UnhealthyAsync(app, Stages.Watch, seen, time.GetElapsedTime(started), cancellationToken);
        }

        return null;
    }

    private async Task<Failure> CrashedAsync(WatchedApp app, string step, UnitStatus status, string when, CancellationToken cancellationToken)
    {
        var tail = await log.TailAsync(app.ProjectId, app.Unit, app.Config.Logs.File, app.LogMark, cancellationToken);
        var cause = AppLog.CauseIn(tail);
        return new(step, FailureKind.Unhealthy, $"The app {status.Exit ?? "ended"} {when}{(cause is null ? "" : ": " + cause)}")
        {
            ExitCode = status.ExitCode,
            StderrTail = tail,
            Hint = status.Result == "oom-kill"
                ? "It ran out of memory: raise resources.memory_max."
                : $"Its last lines say why. It has to keep running and to listen on 127.0.0.1:$PORT ({app.Port}).",
        };
    }

    private async Task<Failure> UnhealthyAsync(WatchedApp app, string step, ProbeResult last, TimeSpan after, CancellationToken cancellationToken)
    {
        var path = app.Config.Deployment.HealthCheck.Path;
        return new(step, FailureKind.Unhealthy, FormattableString.Invariant($"The app is not healthy after {after.TotalSeconds:0.0} s: GET {path} on port {app.Port}: {last.Said}"))
        {
            StderrTail = await log.TailAsync(app.ProjectId, app.Unit, app.Config.Logs.File, app.LogMark, cancellationToken),
            Hint = last.IsHealthy
                ? $"Something else answers on port {app.Port}; the app itself does not run."
                : last.HasAnswered
                ? "Correct the app, or deployment.health_check (path, expect_status, timeout)."
                : $"It runs but does not listen on 127.0.0.1:$PORT ({app.Port}): take the port from $PORT, or raise deployment.health_check.retries when it starts slowly.",
        };
    }
}
