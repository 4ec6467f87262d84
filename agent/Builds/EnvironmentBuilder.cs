using System.Security.Cryptography;
using System.Text;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Agent.Builds;

/// <summary>A built environment.</summary>
/// <param name="Path">Its store path; programs are in <c>bin</c>.</param>
/// <param name="LockFile">The flake's lock, so that the release is sealed with the same packages; there may be none.</param>
/// <param name="IsKept">It was there already.</param>
internal sealed record BuiltEnvironment(string Path, string LockFile, bool IsKept);

/// <summary>
/// Builds the environment of a project. The same flake text on the same node gives the one that is there, without asking Nix; after some days it
/// is built anew, so that fixes in a release branch of nixpkgs arrive.
/// </summary>
internal sealed class EnvironmentBuilder(AgentPaths paths, AgentSettings settings, NixBuilder nix, TimeProvider time)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(7);

    public async Task<Result<BuiltEnvironment>> BuildAsync(string projectId, string unit, RenderedFlake flake, IOutputSink output, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(paths.Environments(projectId), KeyOf(flake));
        var link = Path.Combine(directory, "result");
        var lockFile = Path.Combine(directory, "flake", "flake.lock");
        if (StoreTarget(link) is { } known && time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(Path.Combine(directory, "flake", "flake.nix")) < MaxAge)
            return new BuiltEnvironment(known, lockFile, IsKept: true);

        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
        Directory.CreateDirectory(Path.Combine(directory, "flake"));
        await File.WriteAllTextAsync(Path.Combine(directory, "flake", "flake.nix"), flake.Text, cancellationToken);
        var built = await nix.BuildAsync(Stages.Environment, unit, Path.Combine(directory, "flake"), "env", link, flake, output, cancellationToken);
        return built.Is(out var path, out var failure) ? new BuiltEnvironment(path.Path, lockFile, IsKept: false) : failure;
    }

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
