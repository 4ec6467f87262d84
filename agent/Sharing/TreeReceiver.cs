using VpsPilot.Agent.Builds;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Updates;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;

namespace VpsPilot.Agent.Sharing;

/// <summary>A tree that another node compiled, on this node.</summary>
/// <param name="Path">Its folder.</param>
/// <param name="LockFile">The lock of the environment that it was compiled in; null when there is none.</param>
internal sealed record ReceivedTree(string Path, string? LockFile);

/// <summary>Takes the tree that a command names from the control plane, and unpacks it only when it is that one.</summary>
internal sealed class TreeReceiver(ControlPlaneDownload download, TimeProvider time)
{
    private const int Attempts = 8;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    public async Task<Result<ReceivedTree>> ReceiveAsync(string deploymentId, SharedTree tree, BuildWorkspace workspace, CancellationToken cancellationToken)
    {
        if (await FetchAsync(deploymentId, tree, workspace.Archive, cancellationToken) is { } failure)
            return failure;
        if (await BinaryDownload.HashOfAsync(workspace.Archive, cancellationToken) != tree.Sha256)
            return Failed(FailureKind.Rejected, "The tree that came does not have the checksum that the command names. It was not unpacked.");
        try
        {
            Directory.CreateDirectory(workspace.Received);
            if (await TreeUnpacker.UnpackAsync(workspace.Archive, workspace.Received, tree.UnpackedBytes, cancellationToken) is { } why)
                return Failed(FailureKind.Rejected, $"The tree of node {tree.NodeId} is refused: {why}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Failed(FailureKind.Exit, $"The tree could not be unpacked: {e.Message}", "Is the disk full?");
        }

        File.Delete(workspace.Archive);
        var (folder, lockFile) = (Path.Combine(workspace.Received, SharedTree.Folder), Path.Combine(workspace.Received, SharedTree.LockFile));
        return IsReal(folder) && Directory.Exists(folder)
            ? new ReceivedTree(folder, IsReal(lockFile) && File.Exists(lockFile) ? lockFile : null)
            : Failed(FailureKind.Rejected, $"What node {tree.NodeId} sent has no tree in it.");
    }

    /// <summary>Goes on where it broke off.</summary>
    private async Task<Failure?> FetchAsync(string deploymentId, SharedTree tree, string file, CancellationToken cancellationToken)
    {
        var error = "it ends early";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (attempt > 0)
                await Task.Delay(TimeSpan.FromSeconds(0.5 * Math.Pow(2, attempt)), time, cancellationToken);
            var offset = File.Exists(file) ? new FileInfo(file).Length : 0;
            var end = await download.FetchAsync($"{tree.PathIn(deploymentId)}?offset={offset}", file, offset, tree.Bytes, Limit, cancellationToken);
            if (end.Status is 404)
                return Failed(FailureKind.Rejected, $"The control plane does not have the tree that node {tree.NodeId} compiled.");
            if (end.IsWhole && new FileInfo(file).Length == tree.Bytes)
                return null;
            error = end.Error ?? error;
        }

        return Failed(FailureKind.Timeout, $"The tree that node {tree.NodeId} compiled could not be taken from the control plane: {error}.");
    }

    private static bool IsReal(string path) => new FileInfo(path).LinkTarget is null;

    private static Failure Failed(FailureKind kind, string message, string hint = TreeSharing.Remedy) => new(Stages.Receive, kind, message) { Hint = hint };
}
