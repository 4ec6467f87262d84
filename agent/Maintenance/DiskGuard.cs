using System.Globalization;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Maintenance;

/// <summary>Room on a file system.</summary>
/// <param name="Path">A folder on it.</param>
/// <param name="FreeBytes">What is free for the agent.</param>
/// <param name="NeededBytes">What has to stay free.</param>
internal sealed record DiskSpace(string Path, long FreeBytes, long NeededBytes)
{
    public bool IsLow => FreeBytes < NeededBytes;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Path} has {FreeBytes / 1048576.0:0} MB free, of which {NeededBytes / 1048576.0:0} MB have to stay free");
}

/// <summary>Refuses work that needs room before the disk is full: what serves needs it to write, and Nix to collect.</summary>
internal sealed class DiskGuard(AgentPaths paths, AgentSettings settings)
{
    public const string Remedy = "Collect old releases (POST /api/nodes/{id}/collect), delete what is not needed, or make the disk larger; the limit is disk.minFree in /etc/vpspilot/agent.json.";

    private const long DefaultBytes = 1L << 30;
    private const string Store = "/nix/store";

    /// <summary>Null when there is room.</summary>
    public Failure? Check(string step) => Read().FirstOrDefault(s => s.IsLow) is { } low
        ? new Failure(step, FailureKind.Rejected, $"The disk is almost full: {low}.") { Hint = Remedy }
        : null;

    /// <summary>The file systems that builds write to. One that cannot be asked is left out.</summary>
    public IReadOnlyList<DiskSpace> Read() => [.. new[] { Store, paths.Root }.Where(Directory.Exists).Select(Read).OfType<DiskSpace>()];

    /// <summary>What has to stay free of a disk of this size.</summary>
    internal static long Needed(long? set, long totalBytes) => set ?? Math.Min(DefaultBytes, totalBytes / 20);

    private DiskSpace? Read(string folder)
    {
        try
        {
            var drive = new DriveInfo(folder);
            return new(folder, drive.AvailableFreeSpace, Needed(settings.Disk.MinFree, drive.TotalSize));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
