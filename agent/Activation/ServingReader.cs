using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Activation;

/// <summary>Says what really serves: which release the unit's process was started with.</summary>
internal sealed class ServingReader(ReleaseStore releases, ProjectUnits units)
{
    /// <summary>Null when no release serves or should.</summary>
    public async Task<ServingRelease?> ReadAsync(string projectId, CancellationToken cancellationToken) =>
        (await ReadAsync([projectId], cancellationToken)).GetValueOrDefault(projectId);

    /// <summary>By project; those that have no release in use are left out.</summary>
    public async Task<IReadOnlyDictionary<string, ServingRelease>> ReadAllAsync(CancellationToken cancellationToken) => await ReadAsync(releases.Projects(), cancellationToken);

    private async Task<IReadOnlyDictionary<string, ServingRelease>> ReadAsync(IReadOnlyList<string> projects, CancellationToken cancellationToken)
    {
        var statuses = (await units.StatusAsync([.. projects.Select(UnitFile.NameOf)], cancellationToken)).ToDictionary(s => s.Unit, StringComparer.Ordinal);
        var serving = new Dictionary<string, ServingRelease>(StringComparer.Ordinal);
        foreach (var project in projects)
        {
            var status = statuses.GetValueOrDefault(UnitFile.NameOf(project));
            var release = status is { IsRunning: true, ReleaseId: { } running } ? releases.Find(project, running) : releases.Current(project);
            if (release is null)
                continue;
            serving[project] = new(release.ReleaseId, release.Generation ?? 0, release.Commit, release.StorePath, releases.State(project)?.Port ?? 0)
            {
                Pid = status?.MainPid,
                UnitState = status?.ActiveState ?? "unknown",
            };
        }

        return serving;
    }
}
