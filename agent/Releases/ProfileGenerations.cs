using System.Globalization;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Processes;

namespace VpsPilot.Agent.Releases;

/// <summary>A generation of a profile.</summary>
internal sealed record Generation(int Number);

/// <summary>
/// Generations of the projects' Nix profiles; each is a GC root. A profile is a link to <c>NAME-42-link</c> beside it, and that one to a store
/// path (Nix manual, "Profiles"). The agent sets these links itself, which takes no process and no time.
/// </summary>
internal sealed class ProfileGenerations(AgentPaths paths, ProcessRunner runner)
{
    /// <summary>Makes a store path the profile's present generation. The same path again makes no new one.</summary>
    public Generation Set(string projectId, string storePath)
    {
        var profile = paths.Profile(projectId);
        Directory.CreateDirectory(Path.GetDirectoryName(profile)!);
        if (Present(profile) is { } present && new FileInfo(LinkOf(profile, present)).LinkTarget == storePath)
            return new(present);
        var number = Numbers(profile).DefaultIfEmpty().Max() + 1;
        DurableFile.Link(LinkOf(profile, number), storePath);
        DurableFile.Link(profile, Path.GetFileName(LinkOf(profile, number)));
        return new(number);
    }

    /// <summary>Goes back to a generation.</summary>
    /// <returns>Whether it is there, for that store path.</returns>
    public bool Switch(string projectId, int generation, string storePath)
    {
        var profile = paths.Profile(projectId);
        if (new FileInfo(LinkOf(profile, generation)).LinkTarget != storePath)
            return false;
        if (Present(profile) != generation)
            DurableFile.Link(profile, Path.GetFileName(LinkOf(profile, generation)));
        return true;
    }

    /// <summary>Forgets generations; the present one stays whatever is asked.</summary>
    public async Task DeleteAsync(string projectId, IReadOnlyCollection<int> generations, CancellationToken cancellationToken)
    {
        var profile = paths.Profile(projectId);
        var gone = generations.Where(g => g != Present(profile)).ToList();
        if (gone.Count > 0)
            await runner.RunAsync(new("nix-env", NixCommands.DeleteGenerations(profile, gone)), cancellationToken);
    }

    /// <summary>Takes the profile away, with all its generations.</summary>
    public void Remove(string projectId)
    {
        var profile = paths.Profile(projectId);
        var folder = Path.GetDirectoryName(profile)!;
        if (!Directory.Exists(folder))
            return;
        foreach (var link in Directory.EnumerateFileSystemEntries(folder, Path.GetFileName(profile) + "*").Where(l => l == profile || NumberOf(profile, l) is not null))
            File.Delete(link);
    }

    private static string LinkOf(string profile, int number) => $"{profile}-{number}-link";

    private static IEnumerable<int> Numbers(string profile) =>
        Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(profile)!, Path.GetFileName(profile) + "-*-link").Select(l => NumberOf(profile, l)).OfType<int>();

    private static int? Present(string profile) => new FileInfo(profile).LinkTarget is { } link ? NumberOf(profile, link) : null;

    private static int? NumberOf(string profile, string link)
    {
        var (name, file) = (Path.GetFileName(profile) + "-", Path.GetFileName(link));
        return file.StartsWith(name, StringComparison.Ordinal) && file.EndsWith("-link", StringComparison.Ordinal)
            && int.TryParse(file.AsSpan(name.Length, Math.Max(0, file.Length - name.Length - "-link".Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
