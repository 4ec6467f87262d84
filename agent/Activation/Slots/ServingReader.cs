using VpsPilot.Agent.Edge;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Activation.Slots;

/// <summary>
/// Says what really serves: asked through the edge, which slot answers; asked of that slot's process, which release it was started with.
/// Nothing of it is what the agent believes.
/// </summary>
internal sealed class ServingReader(ReleaseStore releases, ProjectUnits units, Edge.Edge edge, CaddyAdmin admin, TrafficMeter meter)
{
    /// <summary>A report does not wait longer for an app that is slow to say that it is healthy.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(20);

    /// <summary>Null when no release serves or should.</summary>
    public async Task<ServingRelease?> ReadAsync(string projectId, CancellationToken cancellationToken) =>
        (await ReadAsync([projectId], cancellationToken)).GetValueOrDefault(projectId);

    /// <summary>By project; those that have no release in use are left out.</summary>
    public async Task<IReadOnlyDictionary<string, ServingRelease>> ReadAllAsync(CancellationToken cancellationToken) => await ReadAsync(releases.Projects(), cancellationToken);

    private async Task<IReadOnlyDictionary<string, ServingRelease>> ReadAsync(IReadOnlyList<string> projects, CancellationToken cancellationToken)
    {
        var states = projects.Select(p => (Project: p, State: releases.State(p))).Where(p => p.State is not null).ToDictionary(p => p.Project, p => p.State!, StringComparer.Ordinal);
        var names = states.SelectMany(s => new[] { Slot.InPlace, Slot.Blue, Slot.Green }.Select(slot => UnitFile.NameOf(s.Key, slot)));
        var statuses = (await units.StatusAsync([.. names], cancellationToken)).ToDictionary(s => s.Unit, StringComparer.Ordinal);
        // All at once: one that does not answer is waited for.
        var serving = await Task.WhenAll(states.Select(async s => (Project: s.Key, Release: await OfAsync(s.Key, s.Value, slot => statuses.GetValueOrDefault(UnitFile.NameOf(s.Key, slot)), cancellationToken))));
        return serving.Where(s => s.Release is not null).ToDictionary(s => s.Project, s => s.Release!, StringComparer.Ordinal);
    }

    /// <summary>Where two releases share the traffic, the new one is told of, with its share.</summary>
    private async Task<ServingRelease?> OfAsync(string project, ProjectState state, Func<Slot, UnitStatus?> statusOf, CancellationToken cancellationToken)
    {
        var slot = state.Split?.Slot ?? state.Slot;
        var status = statusOf(slot);
        var wanted = state.Split is { } split ? releases.Find(project, split.ReleaseId) : releases.Current(project);
        var release = status is { IsRunning: true, ReleaseId: { } running } ? releases.Find(project, running) : wanted;
        if (release is null)
            return null;
        var isRouted = edge.IsOn && state.Route is not null;
        return new(release.ReleaseId, release.Generation ?? 0, release.Commit, release.StorePath, state.PortOf(slot))
        {
            Pid = status?.MainPid,
            UnitState = status?.ActiveState ?? "unknown",
            IsStopped = status is { IsRunning: false } && !units.IsEnabled(status.Unit) ? true : null,
            Slot = slot.Reported(),
            AnsweredBy = isRouted ? await AnsweredByAsync(project, state, release.Config, statusOf, cancellationToken) : null,
            TrafficPercent = state.Split?.Percent,
            Traffic = isRouted && (state.Split?.Since ?? state.SwitchedAt) is { } since ? await meter.CountAsync(project, state.PortOf(slot), since, cancellationToken) : null,
        };
    }

    private async Task<string?> AnsweredByAsync(string project, ProjectState state, Contracts.Config.ProjectConfig config, Func<Slot, UnitStatus?> statusOf, CancellationToken cancellationToken)
    {
        if (await admin.AskAsync(project, config.Deployment.HealthCheck, Most, cancellationToken) is not { } port)
            return null;
        var answering = port == state.GreenPort ? statusOf(Slot.Green) : new[] { statusOf(Slot.Blue), statusOf(Slot.InPlace) }.FirstOrDefault(s => s is { IsRunning: true });
        return answering?.ReleaseId;
    }
}
