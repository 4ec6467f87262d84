using VpsPilot.Agent.Edge;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Activation.Health;

/// <summary>Decides whether a started app is healthy, and whether it stays so.</summary>
internal sealed class HealthWatcher(ProjectUnits units, HealthProbe probe, HealthReport report, TrafficMeter meter, TimeProvider time)
{
    /// <summary>So many crashes while it starts are a loop.</summary>
    private const int CrashLoop = 2;

    /// <summary>A share of fewer answers says nothing.</summary>
    private const int FewAnswers = 20;

    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan MaxPoll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StatusPoll = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan MaxWatchPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Waits until the app is healthy. An app that does not listen yet is asked often, and less often the longer it takes; an answer that is not
    /// the right one counts as a try.
    /// Ends early when the unit has failed or crashes again and again.
    /// </summary>
    /// <returns>Null when it is healthy.</returns>
    public async Task<Failure?> WaitAsync(WatchedApp app, string step, CancellationToken cancellationToken)
    {
        var check = app.Config.Deployment.HealthCheck;
        var started = time.GetTimestamp();
        var patience = check.StartGrace + (check.Retries * check.Interval);
        var tries = 0;
        var asked = 0L;
        UnitStatus? down = null;
        while (true)
        {
            var last = await probe.AskAsync(app, cancellationToken);
            if ((last.IsHealthy || time.GetElapsedTime(asked == 0 ? started : asked) >= Pause(StatusPoll, started, MaxWatchPoll)) && await units.StatusAsync(app.Unit, cancellationToken) is { } status)
            {
                // An answer counts only from the release itself: a stranger may hold the port.
                if (last.IsHealthy && status.IsRunning && (status.ReleaseId ?? app.ReleaseId) == app.ReleaseId && Listens(app))
                    return null;
                asked = time.GetTimestamp();
                down = status.IsDown ? status : down;
                var ended = status.Restarts + (status.IsDown ? 1 : 0);
                if (ended >= CrashLoop || status.ActiveState is "failed" or "inactive")
                    return await report.CrashedAsync(app, step, down ?? status, $"before it answered on port {app.Port}", cancellationToken);
            }

            var elapsed = time.GetElapsedTime(started);
            var isAnswer = last is { HasAnswered: true, IsHealthy: false };
            tries += isAnswer && elapsed >= check.StartGrace ? 1 : 0;
            if (isAnswer ? tries >= check.Retries : elapsed >= patience)
            {
                return down is null || last.HasAnswered
                    ? await report.UnhealthyAsync(app, step, last, elapsed, cancellationToken)
                    : await report.CrashedAsync(app, step, down, $"before it answered on port {app.Port}", cancellationToken);
            }

            await Task.Delay(isAnswer ? check.Interval : elapsed < StatusPoll ? FirstPoll : Pause(Poll, started, MaxPoll), time, cancellationToken);
        }
    }

    /// <summary>Sees that the other processes of a release keep running for a moment.</summary>
    public async Task<Failure?> SettleAsync(WatchedApp app, IReadOnlyList<string> processes, string step, CancellationToken cancellationToken)
    {
        if (processes.Count == 0)
            return null;
        var started = time.GetTimestamp();
        do
        {
            await Task.Delay(StatusPoll, time, cancellationToken);
            foreach (var status in await units.StatusAsync([.. processes.Select(p => UnitFile.NameOf(app.ProjectId, app.Slot, p))], cancellationToken))
            {
                if (status.IsDown || status.Restarts > 0)
                    return await report.CrashedAsync(app, step, status, "right after it was started", cancellationToken);
            }
        }
        while (time.GetElapsedTime(started) < Settled);

        return null;
    }

    /// <summary>How often systemd has restarted an app's unit so far: what a watch goes by.</summary>
    public async Task<int> RestartsAsync(WatchedApp app, CancellationToken cancellationToken) => (await units.StatusAsync(app.Unit, cancellationToken))?.Restarts ?? 0;

    /// <summary>Watches a healthy app and its other processes to the end of their window.</summary>
    /// <param name="app">The app.</param>
    /// <param name="since">When it got its traffic (UTC): there the window begins, also for an agent that was away meanwhile.</param>
    /// <param name="restarts">How often its unit had been restarted then; its other processes were started then.</param>
    /// <param name="isBehindEdge">Whether its answers are counted.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>Null when it stayed healthy.</returns>
    public async Task<Failure?> WatchAsync(WatchedApp app, DateTimeOffset since, int restarts, bool isBehindEdge, CancellationToken cancellationToken)
    {
        var check = app.Config.Deployment.HealthCheck;
        var end = since + app.Config.Deployment.Watch;
        var most = Math.Min(check.Retries, 3);
        var poll = check.Interval < MaxWatchPoll ? check.Interval : MaxWatchPoll;
        var watched = UnitFile.NamesOf(app.ProjectId, app.Slot, app.Config.Processes.Keys);
        var lastProbe = time.GetTimestamp();
        var failures = 0;
        while (end - time.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left < poll ? left : poll, time, cancellationToken);
            foreach (var status in await units.StatusAsync(watched, cancellationToken))
            {
                if (status.IsDown || status.Restarts > (status.Unit == app.Unit ? restarts : 0))
                    return await report.CrashedAsync(app, Stages.Watch, status, FormattableString.Invariant($"{(time.GetUtcNow() - since).TotalSeconds:0.0} s after it was healthy"), cancellationToken);
            }

            if (isBehindEdge && await meter.CountAsync(app.ProjectId, app.Port, since, cancellationToken) is { } traffic && IsTooMuch(traffic.Answers, traffic.Errors, app.Config.Deployment))
                return await report.ErrorsAsync(app, traffic.Answers, traffic.Errors, cancellationToken);
            if (time.GetElapsedTime(lastProbe) < check.Interval)
                continue;
            lastProbe = time.GetTimestamp();
            var seen = await probe.AskAsync(app, cancellationToken);
            failures = seen.IsHealthy ? 0 : failures + 1;
            if (failures >= most)
                return await report.UnhealthyAsync(app, Stages.Watch, seen, time.GetUtcNow() - since, cancellationToken);
        }

        return null;
    }

    /// <summary>A fortieth of the time since the start, so that it grows with what a moment more is worth, within bounds.</summary>
    private TimeSpan Pause(TimeSpan least, long started, TimeSpan most) =>
        TimeSpan.FromTicks(Math.Clamp(time.GetElapsedTime(started).Ticks / 40, least.Ticks, most.Ticks));

    /// <summary>Whether the port that is asked is the app's, as far as can be told. A check by URL or command may ask something else.</summary>
    private static bool Listens(WatchedApp app) =>
        app.Config.Deployment.HealthCheck is { Url: not null } or { Command: not null } || ListeningSockets.Find(app.Unit) is not { } listens || listens.Any(l => l.Port == app.Port);

    internal static bool IsTooMuch(long answers, long errors, DeploymentConfig deployment) => answers >= FewAnswers && errors * 100 > deployment.MaxErrorRate * answers;
}
