using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;

namespace VpsPilot.Agent.Releases;

/// <summary>Releases and state of projects, as files under <c>projects/ID</c>.</summary>
internal sealed class ReleaseStore(AgentPaths paths)
{
    private const string Manifest = "release.json";

    /// <summary>The link from a release to its store path; it is a GC root.</summary>
    public string LinkOf(string projectId, string releaseId) => Path.Combine(paths.Release(projectId, releaseId), "result");

    /// <summary>The release's own environment.</summary>
    public string EnvironmentOf(string projectId, string releaseId) => Path.Combine(paths.Release(projectId, releaseId), ".env");

    public void Save(string projectId, ReleaseManifest release)
    {
        Directory.CreateDirectory(paths.Release(projectId, release.ReleaseId));
        Write(Path.Combine(paths.Release(projectId, release.ReleaseId), Manifest), release, ReleasesJson.Default.ReleaseManifest);
    }

    /// <summary>Null when there is no such release, or its store path is gone.</summary>
    public ReleaseManifest? Find(string projectId, string releaseId) =>
        Read(Path.Combine(paths.Release(projectId, releaseId), Manifest), ReleasesJson.Default.ReleaseManifest) is { } release && Directory.Exists(release.StorePath) ? release : null;

    /// <summary>All releases of a project, the newest first.</summary>
    public IReadOnlyList<ReleaseManifest> List(string projectId) => !Directory.Exists(paths.Releases(projectId)) ? [] :
    [
        .. Directory.EnumerateDirectories(paths.Releases(projectId)).Select(d => Find(projectId, Path.GetFileName(d))).OfType<ReleaseManifest>()
            .OrderByDescending(r => r.BuiltAt).ThenByDescending(r => r.ReleaseId, StringComparer.Ordinal),
    ];

    /// <summary>The release that <c>projects/current/ID</c> names; null when there is none.</summary>
    public ReleaseManifest? Current(string projectId) =>
        new FileInfo(paths.Current(projectId)).LinkTarget is { } link && Path.GetFileName(Path.GetDirectoryName(link)) is { } releaseId
            ? Find(projectId, releaseId)
            : null;

    /// <summary>
    /// The release that the current one took over from, which is not the newest before it where that was given up by a rollback; where it is gone, the
    /// newest before the current one that proved itself. Null when there is none.
    /// </summary>
    public ReleaseManifest? Previous(string projectId)
    {
        var current = Current(projectId);
        if (current?.Followed is { } followed && Find(projectId, followed) is { ProvedAt: not null, Generation: not null } before)
            return before;
        return List(projectId).Where(r => r is { ProvedAt: not null, Generation: not null } && r.ReleaseId != current?.ReleaseId)
            .Where(r => current is null || r.BuiltAt < current.BuiltAt).MaxBy(r => r.BuiltAt);
    }

    /// <summary>
    /// The release in the slot of a blue-green switch that has no traffic, whether it runs there still or was stopped after its grace. Null where the
    /// project runs in place, nothing ran in that slot yet, or the release is gone.
    /// </summary>
    public ReleaseManifest? InOtherSlot(string projectId) =>
        State(projectId) is { Slot: not Slot.InPlace and var serving } && new FileInfo(paths.SlotLink(projectId, serving.Other().Word())).LinkTarget is { } release
            ? Find(projectId, Path.GetFileName(release))
            : null;

    /// <summary>
    /// The release that a switch comes from: what serves; but where a switch is under way, or was left, the one that served before it.
    /// </summary>
    public ReleaseManifest? SwitchFrom(string projectId, string commandId, string to)
    {
        if (Intent(projectId) is { } intent && (intent.CommandId == commandId || intent is { Result: null, IsTouched: true }))
            return intent.From is { } from ? Find(projectId, from) : null;
        var current = Current(projectId);
        return current?.ReleaseId == to ? Previous(projectId) : current;
    }

    /// <summary>Points <c>projects/current/ID</c> at a release, in one step; null takes the link away.</summary>
    public void SetCurrent(string projectId, string? releaseId)
    {
        var link = paths.Current(projectId);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        if (releaseId is not null)
            DurableFile.Link(link, LinkOf(projectId, releaseId));
        else if (new FileInfo(link).LinkTarget is not null)
            File.Delete(link);
    }

    /// <summary>Ids of the projects on this node.</summary>
    public IReadOnlyList<string> Projects() => !Directory.Exists(paths.Projects) ? [] :
    [
        .. Directory.EnumerateDirectories(paths.Projects).Select(d => Path.GetFileName(d)).Where(p => Directory.Exists(paths.Releases(p))).Order(StringComparer.Ordinal),
    ];

    public ProjectState? State(string projectId) => Read(Path.Combine(paths.Project(projectId), "project.json"), ReleasesJson.Default.ProjectState);

    public void Save(string projectId, ProjectState state)
    {
        Directory.CreateDirectory(paths.Project(projectId));
        Write(Path.Combine(paths.Project(projectId), "project.json"), state, ReleasesJson.Default.ProjectState);
    }

    /// <summary>The last activation; one without a result is under way.</summary>
    public ActivationIntent? Intent(string projectId) => Read(IntentFile(projectId), ReleasesJson.Default.ActivationIntent);

    public void Save(string projectId, ActivationIntent intent) => Write(IntentFile(projectId), intent, ReleasesJson.Default.ActivationIntent);

    private string IntentFile(string projectId) => Path.Combine(paths.Project(projectId), "activation.json");

    private static void Write<T>(string path, T value, JsonTypeInfo<T> type) => DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(value, type), DurableFile.Readable);

    private static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
