using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Agent.Builds;

/// <summary>A sealed release.</summary>
internal sealed record SealedRelease(string StorePath, long ClosureBytes);

/// <summary>Makes the compiled tree an immutable store path with <c>bin/start</c>. The tree is in the store once, and the release refers to it.</summary>
internal sealed class Sealer(AgentPaths paths, ReleaseStore releases, NixBuilder nix, PersistentPaths persistent)
{
    public async Task<Result<SealedRelease>> SealAsync(string projectId, string releaseId, string unit, BuildWorkspace workspace, ProjectConfig config, BuiltEnvironment environment, IOutputSink output, CancellationToken cancellationToken)
    {
        SourceFetcher.RemoveGitFiles(workspace.Source);
        if (persistent.Link(projectId, workspace.Source, config) is { } refusedPath)
            return refusedPath;

        // The flake refers to it as an input, and Nix takes a path that is in the store under this name as it is.
        var added = await nix.AddAsync(Stages.Seal, $"{unit}-add", "source", workspace.Source, output, cancellationToken);
        if (!added.Is(out var tree, out var failure))
            return failure;

        var (flake, refused) = FlakeRenderer.Render(new FlakeRequest(projectId, config) { AppStorePath = tree.Path, DataDirectory = paths.Data(projectId) });
        if (flake is null)
            return refused! with { Step = Stages.Seal };
        await File.WriteAllTextAsync(Path.Combine(workspace.Flake, "flake.nix"), flake.Text, cancellationToken);
        if (File.Exists(environment.LockFile))
            File.Copy(environment.LockFile, Path.Combine(workspace.Flake, "flake.lock"), overwrite: true);

        var link = releases.LinkOf(projectId, releaseId);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        environment.CopyTo(Path.GetDirectoryName(link)!);
        var built = await nix.BuildAsync(Stages.Seal, $"{unit}-seal", workspace.Flake, "default", link, flake, output, cancellationToken);
        return built.Is(out var release, out failure)
            ? new SealedRelease(release.Path, await nix.ClosureBytesAsync($"{unit}-size", release.Path, output, cancellationToken))
            : failure;
    }
}
