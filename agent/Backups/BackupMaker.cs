using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;

namespace VpsPilot.Agent.Backups;

/// <summary>Archives what a project keeps: its data folder without caches, and the <c>.env</c> of the release that serves.</summary>
internal sealed class BackupMaker(AgentPaths paths, ReleaseStore releases, BackupStore store, ProcessRunner runner, TimeProvider time)
{
    private const string Data = "data";
    private const string Environment = ".env";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Package managers' caches in the app's HOME can be made anew.</summary>
    private static readonly string[] LeftOut = [$"{Data}/.cache", $"{Data}/.npm"];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    /// <summary>Whether there is anything to archive.</summary>
    public bool HasContent(string projectId, ReleaseManifest release) => Parts(projectId, release).Any();

    /// <summary>Makes the archive for a command; the same command again gives the one that is there.</summary>
    public async Task<Result<Backup>> MakeAsync(string projectId, ReleaseManifest release, string commandId, bool isAside, string step, CancellationToken cancellationToken)
    {
        if (store.List(projectId).FirstOrDefault(b => b.CommandId == commandId) is { } there)
            return there;
        Directory.CreateDirectory(paths.BackupsOf(projectId), Private);
        var compression = Programs.IsThere("zstd") ? "zstd" : "gzip";
        var now = time.GetUtcNow();
        var id = string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd-HHmmss}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(commandId)))[..6]}");
        var file = id + (compression == "zstd" ? ".tar.zst" : ".tar.gz");
        var beside = Path.Combine(paths.BackupsOf(projectId), file + ".tmp");
        var packed = await runner.RunAsync(new("tar", TarCommands.Pack(beside, compression, Parts(projectId, release), LeftOut)) { Timeout = Limit }, cancellationToken);
        if (!packed.IsSuccess && packed is not { End: ProcessEnd.Exited, ExitCode: TarCommands.Changed })
        {
            File.Delete(beside);
            return packed.ToFailure(step, "tar", "Make room under backups/ and try again; backups.enabled in config.vpspilot.json turns backups off.");
        }

        var (bytes, hash) = await HashAsync(beside, cancellationToken);
        var backup = new Backup
        {
            Id = id,
            File = file,
            ProjectId = projectId,
            ReleaseId = release.ReleaseId,
            Commit = release.Commit,
            CreatedAt = now,
            Bytes = bytes,
            Sha256 = hash,
            CommandId = commandId,
            IsAside = isAside,
        };
        store.Add(backup, beside);
        return backup;
    }

    /// <summary>Size and SHA-256 of a file, after it has been flushed to the disk.</summary>
    public static async Task<(long Bytes, string Sha256)> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        file.Flush(flushToDisk: true);
        return (file.Length, hash);
    }

    private IEnumerable<(string Folder, string Name)> Parts(string projectId, ReleaseManifest release)
    {
        var data = paths.Data(projectId);
        if (Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any(e => !LeftOut.Contains($"{Data}/{Path.GetFileName(e)}")))
            yield return (paths.Project(projectId), Data);
        var environment = releases.EnvironmentOf(projectId, release.ReleaseId);
        if (new FileInfo(environment) is { Exists: true, Length: > 0 })
            yield return (Path.GetDirectoryName(environment)!, Environment);
    }
}
