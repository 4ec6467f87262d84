using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Sharing;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Agent.Builds;

/// <summary>A sealed release.</summary>
/// <param name="StorePath">Its store path.</param>
/// <param name="TreePath">Store path of the compiled tree.</param>
/// <param name="ClosureBytes">Size of its closure.</param>
internal sealed record SealedRelease(string StorePath, string TreePath, long ClosureBytes);

/// <summary>Makes the compiled tree an immutable store path with <c>bin/start</c>. The tree is in the store once, and the release refers to it.</summary>
internal sealed class Sealer(AgentPaths paths, ReleaseStore releases, NixBuilder nix, PersistentPaths persistent)
{
    /// <param name="projectId">The project.</param>
    /// <param name="releaseId">The release.</param>
    /// <param name="unit">Start of the names of the units that Nix runs in.</param>
    /// <param name="workspace">Folders of the build.</param>
    /// <param name="received">The tree of another node, which was sealed there and is taken as it is; null for what was compiled in the workspace.</param>
    /// <param name="config">The config.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="output">Takes what Nix says.</param>
    /// <param name="cancellationToken">Stops the build.</param>
    public async Task<Result<SealedRelease>> SealAsync(string projectId, string releaseId, string unit, BuildWorkspace workspace, ReceivedTree? received, ProjectConfig config, BuiltEnvironment environment, IOutputSink output, CancellationToken cancellationToken)
    {
        if (received is null)
        {
            SourceFetcher.RemoveGitFiles(workspace.Source);
            if (persistent.Link(projectId, workspace.Source, config) is { } refusedPath)
                return refusedPath;
        }

        // The flake refers to it as an input, and Nix takes a path that is in the store under this name as it is.
        var added = await nix.AddAsync(Stages.Seal, $"{unit}-add", "source", received?.Path ?? workspace.Source, output, cancellationToken);
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
            ? new SealedRelease(release.Path, tree.Path, await nix.ClosureBytesAsync($"{unit}-size", release.Path, output, cancellationToken))
            : failure;
    }
}
