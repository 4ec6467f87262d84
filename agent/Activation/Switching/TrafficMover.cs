using VpsPilot.Agent.Activation.Health;
using VpsPilot.Agent.Edge;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Activation.Switching;

/// <summary>
/// Gives a slot the traffic: in the project's state, at the edge, and by the <c>current</c> link and the profile. Each is one step, the state
/// first, and doing all of it again ends the same.
/// </summary>
internal sealed class TrafficMover(ReleaseStore releases, ProfileGenerations profiles, Edge.Edge edge, EdgeSwitch files, CaddyAdmin admin, AppLog log, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Gives a release, which runs in a slot, all of the traffic.</summary>
    /// <param name="project">The project.</param>
    /// <param name="release">The release.</param>
    /// <param name="state">The project's state as it is to be.</param>
    /// <param name="step">The stage.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when the release answers through the edge, where there is one.</returns>
    public async Task<Failure?> MoveAsync(string project, ReleaseManifest release, ProjectState state, string step, CancellationToken cancellationToken)
    {
        releases.Save(project, edge.IsOn ? state with { Route = EdgeRoute.Of(release.Config) } : state);
        if (edge.IsOn)
        {
            files.To(project, state.Slot);
            if (await edge.ApplyAsync(cancellationToken) is { } refused)
                return refused with { Step = step };
            files.Hold(project, false);
        }

        SetCurrent(project, release);
        if (release.Config.Logs.File)
            log.Lead(project, state.Slot);
        return edge.IsOn ? await ProveAsync(project, release, state, step, cancellationToken) : null;
    }

    /// <summary>Gives a slot a part of the traffic. What serves stays what it is.</summary>
    public async Task<Failure?> ShareAsync(string project, ProjectState state, CancellationToken cancellationToken)
    {
        releases.Save(project, state);
        if (state.Split is { } split)
            files.Split(project, split.Slot, split.Percent);
        return await edge.ApplyAsync(cancellationToken);
    }

    /// <summary>Nothing serves any more.</summary>
    public async Task<Failure?> TakeAwayAsync(string project, CancellationToken cancellationToken)
    {
        if (releases.State(project) is { } state)
            releases.Save(project, state with { Route = null, Split = null, Retiring = null });
        releases.SetCurrent(project, null);
        return await edge.ApplyAsync(cancellationToken);
    }

    /// <summary>The generation of a release; one that someone deleted is made anew.</summary>
    private void SetCurrent(string project, ReleaseManifest release)
    {
        if (release.Generation is not { } generation || !profiles.Switch(project, generation, release.StorePath))
            releases.Save(project, (releases.Find(project, release.ReleaseId) ?? release) with { Generation = profiles.Set(project, release.StorePath).Number });
        releases.SetCurrent(project, release.ReleaseId);
    }

    /// <summary>Asks through the edge until the slot's port answers. An edge that was just started may need a moment.</summary>
    private async Task<Failure?> ProveAsync(string project, ReleaseManifest release, ProjectState state, string step, CancellationToken cancellationToken)
    {
        var (started, wanted, check) = (time.GetTimestamp(), state.PortOf(state.Slot), release.Config.Deployment.HealthCheck);
        while (true)
        {
            var answered = await admin.AskAsync(project, check, check.Timeout, cancellationToken);
            if (answered == wanted)
                return null;
            if (time.GetElapsedTime(started) > Patience)
            {
                return new Failure(step, FailureKind.Internal, answered is null ? "The edge does not answer for the project." : $"Port {answered} answers through the edge, not {wanted}.")
                {
                    Hint = $"On the node: systemctl status {EdgePaths.Unit}; journalctl --unit {EdgePaths.Unit}.",
                };
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }
}
