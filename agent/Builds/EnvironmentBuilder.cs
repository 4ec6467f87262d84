using System.Security.Cryptography;
using System.Text;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts;
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

/// <summary>
/// Builds the environment of a project. The same flake text on the same node gives the one that is there, without asking Nix. Which revisions of
/// nixpkgs it comes from is the project's lock: a committed <c>vpspilot.flake.lock</c>, else the one that the project's first build made and
/// that later ones go on with, until one asks for an update.
/// </summary>
internal sealed class EnvironmentBuilder(AgentPaths paths, AgentSettings settings, NixBuilder nix)
{
    /// <summary>Name of a lock in the app's folder of a commit.</summary>
    public const string CommittedLock = "vpspilot.flake.lock";

    /// <param name="projectId">The project.</param>
    /// <param name="unit">Name of the unit that Nix runs in.</param>
    /// <param name="flake">The flake.</param>
    /// <param name="committed">Path of the committed lock; null when there is none.</param>
    /// <param name="update">Make a new lock instead of going on with the project's.</param>
    /// <param name="output">Takes what Nix says.</param>
    /// <param name="cancellationToken">Stops the build.</param>
    public async Task<Result<BuiltEnvironment>> BuildAsync(string projectId, string unit, RenderedFlake flake, string? committed, bool update, IOutputSink output, CancellationToken cancellationToken)
    {
        var committedText = committed is null ? null : await File.ReadAllTextAsync(committed, cancellationToken);
        var directory = Path.Combine(paths.Environments(projectId), KeyOf(flake, committedText));
        var link = Path.Combine(directory, "result");
        var folder = Path.Combine(directory, "flake");
        update = update && committedText is null;
        if (!update && StoreTarget(link) is { } known)
            return new BuiltEnvironment(known, folder, IsKept: true);

        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "flake.nix"), flake.Text, cancellationToken);
        if (committedText is not null)
            await File.WriteAllTextAsync(Path.Combine(folder, "flake.lock"), committedText, cancellationToken);
        else if (!update && File.Exists(paths.FlakeLock(projectId)))
            File.Copy(paths.FlakeLock(projectId), Path.Combine(folder, "flake.lock"));

        var built = await nix.BuildAsync(Stages.Environment, unit, folder, "env", link, flake, output, cancellationToken);
        if (!built.Is(out var path, out var failure))
            return failure;
        var environment = new BuiltEnvironment(path.Path, folder, IsKept: false);
        if (committedText is null && File.Exists(environment.LockFile))
        {
            Directory.CreateDirectory(paths.Project(projectId));
            DurableFile.Write(paths.FlakeLock(projectId), await File.ReadAllBytesAsync(environment.LockFile, cancellationToken), DurableFile.Readable);
        }

        return environment;
    }

    private string KeyOf(RenderedFlake flake, string? committed)
    {
        var overrides = settings.Nix.OverrideInputs.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}={o.Value} {StateOf(o.Value)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [flake.Text, committed ?? "", .. overrides]))))[..32];
    }

    /// <summary>A flake that is a folder here may be edited at any time: its files' times are part of the key.</summary>
    private static string StateOf(string flake)
    {
        var folder = flake.StartsWith("path:", StringComparison.Ordinal) ? flake["path:".Length..].Split('?')[0] : "";
        return !Directory.Exists(folder) ? "" : string.Join(',', Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal).Select(e => $"{Path.GetFileName(e)}:{File.GetLastWriteTimeUtc(e).Ticks}"));
    }

    private static string? StoreTarget(string link) => new FileInfo(link).LinkTarget is { } target && Directory.Exists(target) ? target : null;
}
