using System.Text;
using VpsPilot.Agent.Builds;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Activation;

/// <summary>A release that was started.</summary>
internal sealed record StartedRelease(WatchedApp App);

/// <summary>Prepares a release to run, and starts it: user, environment, release commands, unit.</summary>
internal sealed class ReleaseStarter(
    AgentPaths paths, AgentSettings settings, ReleaseStore releases, SystemUsers users, ProjectUnits units, TransientUnits transient, PortAllocator ports, AppLog log, PersistentPaths persistent)
{
    /// <summary>Makes the project's user and writes the release's <c>.env</c>, mode 0600, owned by that user.</summary>
    public async Task<Failure?> WriteEnvironmentAsync(string projectId, ReleaseManifest release, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var user = SystemUsers.Of(projectId);
        var data = paths.Data(projectId);
        Directory.CreateDirectory(data);
        if (await users.EnsureAsync(user, data, Stages.Secrets, cancellationToken) is { } failure)
            return failure;
        var file = releases.EnvironmentOf(projectId, release.ReleaseId);
        DurableFile.Write(file, Encoding.UTF8.GetBytes(EnvironmentFile.Render(environment.Where(v => !EnvironmentFile.IsReserved(v.Key)))));
        return await users.OwnAsync(user, file, Stages.Secrets, cancellationToken)
            ?? await users.OwnAsync(user, data, Stages.Secrets, cancellationToken)
            ?? await persistent.PrepareAsync(projectId, release.ReleaseId, release.StorePath, Stages.Secrets, cancellationToken);
    }

    /// <summary>Runs the release commands in the new closure, as the app's user.</summary>
    public async Task<Failure?> RunReleaseCommandsAsync(string projectId, ReleaseManifest release, string unit, IOutputSink output, CancellationToken cancellationToken)
    {
        foreach (var (index, command) in (release.Config.Release.Commands ?? []).Index())
        {
            output.Write($"$ {command}");
            var environment = Path.Combine(release.StorePath, "env");
            var result = await transient.RunAsync(new TransientCommand($"{unit}-{index + 1}", [Path.Combine(environment, "bin", "bash"), "-euo", "pipefail", "-c", command])
            {
                User = SystemUsers.Of(projectId),
                WorkingDirectory = Path.GetFullPath(Path.Combine(release.StorePath, "app", release.Config.Root)),
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["PATH"] = Path.Combine(environment, "bin"),
                    ["HOME"] = paths.Data(projectId),
                    ["LANG"] = "C.UTF-8",
                    ["SSL_CERT_FILE"] = Path.Combine(environment, "etc/ssl/certs/ca-bundle.crt"),
                    ["VPSPILOT_PROJECT"] = projectId,
                    ["VPSPILOT_RELEASE"] = release.ReleaseId,
                },
                EnvironmentFile = releases.EnvironmentOf(projectId, release.ReleaseId),
                Timeout = release.Config.Release.Timeout,
                Output = output,
                Properties = [.. TransientUnits.Limits(settings.Build), ("NoNewPrivileges", "yes"), ("ProtectSystem", "strict"), ("ProtectHome", "yes"), ("PrivateTmp", "yes"), ("ReadWritePaths", paths.Data(projectId))],
            }, cancellationToken);
            if (!result.IsSuccess)
                return result.ToFailure(Stages.Release, $"`{command}`", "Nothing that serves was touched. What the command changed outside, in a database for example, stays.");
        }

        return null;
    }

    /// <summary>Writes the unit for a release and starts it anew with it.</summary>
    public async Task<Result<StartedRelease>> StartAsync(string projectId, ReleaseManifest release, string step, CancellationToken cancellationToken)
    {
        if (!AppOf(projectId, release, step).Is(out var app, out var failure))
            return failure;
        var text = UnitFile.Render(new UnitRequest
        {
            ProjectId = projectId,
            ReleaseId = release.ReleaseId,
            Name = release.Config.Name ?? projectId,
            User = SystemUsers.Of(projectId),
            Start = Path.Combine(releases.LinkOf(projectId, release.ReleaseId), "bin", "start"),
            EnvironmentFile = releases.EnvironmentOf(projectId, release.ReleaseId),
            DataDirectory = paths.Data(projectId),
            Port = app.App.Port,
            LogFile = release.Config.Logs.File ? paths.AppLog(projectId) : null,
            Resources = release.Config.Resources,
        });
        failure = await units.StartAsync(app.App.Unit, text, step, cancellationToken);
        return failure is null ? app : failure;
    }

    /// <summary>The release as the app that is asked; what it logs from now on is its own.</summary>
    public Result<StartedRelease> AppOf(string projectId, ReleaseManifest release, string step) => ports.Of(projectId, step).Is(out var state, out var failure)
        ? new StartedRelease(new WatchedApp(projectId, release.ReleaseId, UnitFile.NameOf(projectId), state.Port, release.Config, log.MarkEnd(projectId)))
        : failure;

    /// <summary>Stops the project and takes its unit away.</summary>
    public Task<Failure?> StopAsync(string projectId, string step, CancellationToken cancellationToken) => units.RemoveAsync(UnitFile.NameOf(projectId), step, cancellationToken);

    /// <summary>Whether the unit runs this release.</summary>
    public async Task<bool> IsRunningAsync(string projectId, ReleaseManifest release, CancellationToken cancellationToken) =>
        await units.StatusAsync(UnitFile.NameOf(projectId), cancellationToken) is { IsRunning: true } status && status.ReleaseId == release.ReleaseId;
}
