using System.Net;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Activation.Health;

/// <summary>Says why an app is bad: its last answer, its last lines, how it ended, and what to do next.</summary>
internal sealed class HealthReport(AppLog log)
{
    /// <summary>It ended, or was restarted by systemd.</summary>
    public async Task<Failure> CrashedAsync(WatchedApp app, string step, UnitStatus status, string when, CancellationToken cancellationToken)
    {
        var tail = await log.TailAsync(app, status.Unit, cancellationToken);
        var cause = AppLog.CauseIn(tail);
        var subject = status.Unit == app.Unit ? "The app" : $"The process {status.Unit}";
        return new(step, FailureKind.Unhealthy, $"{subject} {status.Exit ?? "ended"} {when}{(cause is null ? "" : ": " + cause)}")
        {
            ExitCode = status.ExitCode,
            StderrTail = tail,
            Hint = status.Result == "oom-kill"
                ? "It ran out of memory: raise resources.memory_max."
                : status.Unit == app.Unit ? $"Its last lines say why. It has to keep running and to listen on 127.0.0.1:$PORT ({app.Port})." : "Its last lines say why. It has to keep running.",
        };
    }

    /// <summary>It runs, and its health check fails.</summary>
    public async Task<Failure> UnhealthyAsync(WatchedApp app, string step, ProbeResult last, TimeSpan after, CancellationToken cancellationToken) =>
        new(step, FailureKind.Unhealthy, FormattableString.Invariant($"The app is not healthy after {after.TotalSeconds:0.0} s: {HealthProbe.Describe(app.Port, app.Config.Deployment.HealthCheck)}: {last.Said}"))
        {
            StderrTail = await log.TailAsync(app, app.Unit, cancellationToken),
            Hint = last.IsHealthy
                ? $"Something else answers on port {app.Port}; the app itself does not run."
                : last.HasAnswered ? "Correct the app, or deployment.health_check (path, expect_status, timeout)." : HintFor(app.Port, ListeningSockets.Find(app.Unit) ?? []),
        };

    /// <summary>It answers too many requests with errors.</summary>
    public async Task<Failure> ErrorsAsync(WatchedApp app, long answers, long errors, CancellationToken cancellationToken) =>
        new(Stages.Watch, FailureKind.Unhealthy, FormattableString.Invariant($"{errors} of {answers} answers through the edge were errors ({100.0 * errors / answers:0.#}%); {app.Config.Deployment.MaxErrorRate}% are allowed."))
        {
            StderrTail = await log.TailAsync(app, app.Unit, cancellationToken),
            Hint = "The app's log says what failed. The limit is deployment.max_error_rate.",
        };

    internal static string HintFor(int port, IReadOnlyList<IPEndPoint> listens)
    {
        if (listens.Count == 0)
            return $"It runs but does not listen on 127.0.0.1:$PORT ({port}): take the port from $PORT, or raise deployment.health_check.retries when it starts slowly.";
        var where = string.Join(" and ", listens.Take(3));
        return listens.Any(l => l.Port == port)
            ? $"It listens on {where}, and the check asks 127.0.0.1:{port}: listen on 127.0.0.1 or on all addresses."
            : $"It listens on {where}, but $PORT is {port}: take the port from $PORT.";
    }
}
