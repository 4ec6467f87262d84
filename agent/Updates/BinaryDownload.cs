using System.Security.Cryptography;
using VpsPilot.Agent.Hosting;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Updates;

/// <summary>Downloads an agent binary from the control plane, as this node, and keeps it only when it is the one that the command names.</summary>
internal sealed class BinaryDownload(ControlPlaneDownload download)
{
    public const string Step = "update";
    private const long MaxBytes = 256L << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public async Task<Failure?> FetchAsync(string path, string sha256, string file, CancellationToken cancellationToken)
    {
        var end = await download.FetchAsync(path, file, 0, MaxBytes, Limit, cancellationToken);
        if (end.Status is { } status)
            return Failed($"The control plane answered {status} for {path}.", "Does AgentPackages:Directory have a binary for this node's system?");
        if (end.Error is { } error)
            return Failed($"The new agent could not be downloaded: {error}.", "Is the disk full, or the control plane busy? Try again.");
        return await HashOfAsync(file, cancellationToken) == sha256
            ? null
            : Failed("The binary that was downloaded does not have the checksum that the command names.", "The packages of the control plane changed meanwhile; try again.");
    }

    public static async Task<string> HashOfAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }

    private static Failure Failed(string message, string hint) => new(Step, FailureKind.Exit, message) { Hint = hint };
}
