using VpsPilot.Agent.Backups;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Releases;

namespace VpsPilot.Agent.Maintenance;

/// <summary>Forgets releases beyond those to keep. The store paths go with the next run of the Nix collector.</summary>
internal sealed class ReleasePruner(AgentPaths paths, ReleaseStore releases, BackupStore backups, ProfileGenerations profiles, TimeProvider time)
{
    /// <summary>A release that was built and not activated yet may be about to be.</summary>
    private static readonly TimeSpan Waiting = TimeSpan.FromDays(1);

    /// <summary>Ids of the releases that went.</summary>
    public async Task<IReadOnlyList<string>> PruneAsync(CommandContext context, int keep, CancellationToken cancellationToken)
    {
        var gone = await PruneAsync(context.ProjectId, keep, cancellationToken);
        if (gone.Count > 0)
            context.Output.Write($"Removed {gone.Count} release(s) beyond the {keep} to keep.");
        return gone;
    }

    public async Task<IReadOnlyList<string>> PruneAsync(string projectId, int keep, CancellationToken cancellationToken)
    {
        var all = releases.List(projectId);
        var (kept, gone) = Divide(all, KeptAnyway(projectId), keep, time.GetUtcNow());
        var generations = gone.Select(r => r.Generation).OfType<int>().Except(kept.Select(r => r.Generation).OfType<int>()).ToList();
        await profiles.DeleteAsync(projectId, generations, cancellationToken);
        foreach (var release in gone)
            Directory.Delete(paths.Release(projectId, release.ReleaseId), recursive: true);
        RemoveUnfinished(projectId, all);
        return [.. gone.Select(r => r.ReleaseId)];
    }

    /// <summary>Which releases stay: those that must, the newest that proved themselves, and what was built lately.</summary>
    internal static (IReadOnlyList<ReleaseManifest> Kept, IReadOnlyList<ReleaseManifest> Gone) Divide(IReadOnlyList<ReleaseManifest> newestFirst, IReadOnlySet<string> anyway, int keep, DateTimeOffset now)
    {
        var proved = newestFirst.Where(r => r.ProvedAt is not null).Take(Math.Max(keep, 2)).Select(r => r.ReleaseId).ToHashSet(StringComparer.Ordinal);
        var parts = newestFirst.ToLookup(r => anyway.Contains(r.ReleaseId) || proved.Contains(r.ReleaseId) || (r.Generation is null && now - r.BuiltAt < Waiting));
        return ([.. parts[true]], [.. parts[false]]);
    }

    /// <summary>Folders of builds that failed while they were sealed, and of releases whose store path is gone.</summary>
    private void RemoveUnfinished(string projectId, IReadOnlyList<ReleaseManifest> known)
    {
        var limit = (time.GetUtcNow() - Waiting).UtcDateTime;
        var names = known.Select(r => r.ReleaseId).ToHashSet(StringComparer.Ordinal);
        foreach (var folder in Directory.EnumerateDirectories(paths.Releases(projectId)).Where(d => !names.Contains(Path.GetFileName(d)) && Directory.GetLastWriteTimeUtc(d) < limit))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>What has traffic or is about to, what still finishes requests, what is gone back to, in the other slot too, and what the last archive, an emergency's target, is of.</summary>
    internal IReadOnlySet<string> KeptAnyway(string projectId)
    {
        var (state, intent) = (releases.State(projectId), releases.Intent(projectId));
        string?[] kept =
        [
            releases.Current(projectId)?.ReleaseId, releases.Previous(projectId)?.ReleaseId, state?.Split?.ReleaseId, state?.Retiring?.ReleaseId, releases.InOtherSlot(projectId) is { ProvedAt: not null } other ? other.ReleaseId : null, backups.Last(projectId)?.ReleaseId,
            .. intent is { Result: null } ? [intent.From, intent.To] : Array.Empty<string?>(),
        ];
        return kept.OfType<string>().ToHashSet(StringComparer.Ordinal);
    }
}
