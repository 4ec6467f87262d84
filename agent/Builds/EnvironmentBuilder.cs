using System.Security.Cryptography;
using System.Text;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Agent.Builds;

/// <summary>A built environment.</summary>
/// <param name="Path">Its store path; programs are in <c>bin</c>.</param>
/// <param name="Flake">Folder with its <c>flake.nix</c> and, where Nix made one, its <c>flake.lock</c>.</param>
/// <param name="IsKept">It was there already.</param>
internal sealed record BuiltEnvironment(string Path, string Flake, bool IsKept)
{
    /// <summary>The flake's lock, so that the release is sealed with the same packages; there may be none.</summary>
    public string LockFile => System.IO.Path.Combine(Flake, "flake.lock");

    /// <summary>Leaves the flake in a release's folder: <c>nix develop</c> there, or on another machine, gives the very same environment.</summary>
    public void CopyTo(string release)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(release, "flake")).FullName;
        foreach (var file in Directory.EnumerateFiles(Flake))
            File.Copy(file, System.IO.Path.Combine(folder, System.IO.Path.GetFileName(file)), overwrite: true);
    }
}

/// <summary>Where the revisions of nixpkgs come from: the first that is given, else the project's lock on this node.</summary>
/// <param name="Received">Path of the lock of the node that compiled the tree.</param>
/// <param name="Committed">Path of the committed lock.</param>
/// <param name="Update">Make a new lock instead of going on with the project's.</param>
internal sealed record LockChoice(string? Received, string? Committed, bool Update)
{
    public bool MakesNew => Update && Received is null && Committed is null;
}

/// <summary>
/// Builds the environment of a project. The same flake text on the same node gives the one that is there, without asking Nix. Which revisions of
/// nixpkgs it comes from is the project's lock: a committed <c>vpspilot.flake.lock</c>, else the one that the project's first build made and
/// that later ones go on with, until one asks for an update. Where another node compiled, its lock becomes the project's here too.
/// </summary>
internal sealed class EnvironmentBuilder(AgentPaths paths, AgentSettings settings, NixBuilder nix, TimeProvider time)
{
    /// <summary>Name of a lock in the app's folder of a commit.</summary>
    public const string CommittedLock = "vpspilot.flake.lock";

    /// <param name="projectId">The project.</param>
    /// <param name="unit">Name of the unit that Nix runs in.</param>
    /// <param name="flake">The flake.</param>
    /// <param name="choice">Where the revisions of nixpkgs come from.</param>
    /// <param name="output">Takes what Nix says.</param>
    /// <param name="cancellationToken">Stops the build.</param>
    public async Task<Result<BuiltEnvironment>> BuildAsync(string projectId, string unit, RenderedFlake flake, LockChoice choice, IOutputSink output, CancellationToken cancellationToken)
    {
        if (!Wanted(projectId, choice).Is(out var wanted, out var refused))
            return refused;
        if (choice is { Update: true, Committed: not null })
            output.Write($"nix.update_lock changes nothing: the commit brings {CommittedLock}, which counts. Remove that file for a new lock.");
        var committed = choice is { Received: null, Committed: { } file } ? LockAt(file) : FlakeLock.Empty;
        if (choice is { Received: null, Committed: not null } && flake.NixpkgsInputs.Where(i => FlakeLock.Pinnable(i) && !committed.Pins.ContainsKey(i) && !settings.Nix.Overrides(i)).ToList() is { Count: > 0 } unpinned)
            output.Write($"{CommittedLock} does not pin {string.Join(" and ", unpinned)}, which this config needs: the lock that this node keeps for the project counts for that. To pin all, commit flake/flake.lock of this release as {CommittedLock}.");
        var directory = Path.Combine(paths.Environments(projectId), KeyOf(flake));
        var link = Path.Combine(directory, "result");
        var folder = Path.Combine(directory, "flake");
        if (!choice.MakesNew && StoreTarget(link) is { } known && wanted.Agrees(LockIn(folder), flake.NixpkgsInputs))
        {
            // A collection forgets those that no build used lately, and goes by this.
            Directory.SetLastWriteTimeUtc(directory, time.GetUtcNow().UtcDateTime);
            return new BuiltEnvironment(known, folder, IsKept: true);
        }

        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "flake.nix"), flake.Text, cancellationToken);
        if (flake.NixpkgsInputs.Any(wanted.Pins.ContainsKey))
            await File.WriteAllTextAsync(Path.Combine(folder, "flake.lock"), wanted.Render(flake.NixpkgsInputs), cancellationToken);

        var built = await nix.BuildAsync(Stages.Environment, unit, folder, "env", link, flake, output, cancellationToken);
        if (!built.Is(out var path, out var failure))
            return failure;
        var environment = new BuiltEnvironment(path.Path, folder, IsKept: false);
        if (File.Exists(environment.LockFile))
        {
            // Pins of inputs that this flake does not have are kept: a later one may have them again. What a commit pins is the commit's to say.
            var kept = LockAt(paths.FlakeLock(projectId)).With(LockIn(folder).Without(committed));
            Directory.CreateDirectory(paths.Project(projectId));
            DurableFile.Write(paths.FlakeLock(projectId), Encoding.UTF8.GetBytes(kept.Render(kept.Pins.Keys)), DurableFile.Readable);
        }

        return environment;
    }

    /// <summary>The revisions that the build has to use; those of other inputs are what Nix finds.</summary>
    private Result<FlakeLock> Wanted(string projectId, LockChoice choice)
    {
        if (choice.Received is { } received)
            return LockAt(received);
        if (choice.Committed is not { } committed)
            return choice.Update ? FlakeLock.Empty : LockAt(paths.FlakeLock(projectId));
        var problems = new List<Problem>();
        var read = FlakeLock.Read(new FileInfo(committed).Length <= ConfigParser.MaxBytes ? File.ReadAllText(committed) : "", CommittedLock, problems);
        return problems.Count == 0 ? LockAt(paths.FlakeLock(projectId)).With(read) : new Failure(Stages.Environment, FailureKind.Rejected, $"{CommittedLock} cannot be used: {string.Join("; ", problems.Select(p => $"{p.Path}: {p.Message}"))}")
        {
            Problems = problems,
            Hint = "Take the flake.lock of a release of this project, or remove the file: then the node keeps a lock.",
        };
    }

    private static FlakeLock LockIn(string folder) => LockAt(Path.Combine(folder, "flake.lock"));

    /// <summary>A lock that an agent or Nix wrote; what cannot be read of it pins nothing.</summary>
    private static FlakeLock LockAt(string file) => new FileInfo(file) is { Exists: true, Length: <= ConfigParser.MaxBytes } ? FlakeLock.Read(File.ReadAllText(file), file, []) : FlakeLock.Empty;

    private string KeyOf(RenderedFlake flake)
    {
        var overrides = settings.Nix.OverrideInputs.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}={o.Value} {StateOf(o.Value)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [flake.Text, .. overrides]))))[..32];
    }

    /// <summary>A flake that is a folder here may be edited at any time: its files' times are part of the key.</summary>
    private static string StateOf(string flake)
    {
        var folder = flake.StartsWith("path:", StringComparison.Ordinal) ? flake["path:".Length..].Split('?')[0] : "";
        return !Directory.Exists(folder) ? "" : string.Join(',', Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal).Select(e => $"{Path.GetFileName(e)}:{File.GetLastWriteTimeUtc(e).Ticks}"));
    }

    private static string? StoreTarget(string link) => new FileInfo(link).LinkTarget is { } target && Directory.Exists(target) ? target : null;
}
