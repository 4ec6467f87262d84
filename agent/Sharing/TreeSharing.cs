using VpsPilot.Agent.Builds;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Updates;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;

namespace VpsPilot.Agent.Sharing;

/// <summary>Hands the compiled tree of a release to the control plane, for the nodes that do not compile. The same release gives the same archive, so a repeat goes on where it was.</summary>
internal sealed class TreeSharing(Identity identity, AgentPaths paths, TreeUpload upload)
{
    /// <summary>What helps when a tree cannot be handed over.</summary>
    public const string Remedy = "Deploy again; where it stays so, set the project's buildOnce to false: then every node compiles by itself.";

    public async Task<Result<SharedTree>> ShareAsync(string projectId, ReleaseManifest release, BuildWorkspace workspace, CancellationToken cancellationToken)
    {
        if (release.TreePath is null || !Directory.Exists(release.TreePath))
            return new Failure(Stages.Share, FailureKind.Rejected, "The compiled tree of this release is not in the store any more.") { Hint = Remedy };
        try
        {
            var lockFile = Path.Combine(paths.Release(projectId, release.ReleaseId), "flake", "flake.lock");
            var unpacked = await TreePacker.PackAsync(release.TreePath, File.Exists(lockFile) ? lockFile : null, workspace.Archive, cancellationToken);
            var tree = new SharedTree(identity.NodeId, await BinaryDownload.HashOfAsync(workspace.Archive, cancellationToken), new FileInfo(workspace.Archive).Length, unpacked);
            return await upload.SendAsync(release.ReleaseId, tree, workspace.Archive, cancellationToken) is { } failure ? failure : tree;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure(Stages.Share, FailureKind.Exit, $"The compiled tree could not be packed: {e.Message}") { Hint = "Is the disk full?" };
        }
        finally
        {
            File.Delete(workspace.Archive);
        }
    }
}
