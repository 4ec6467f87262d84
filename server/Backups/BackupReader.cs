using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using VpsPilot.Server.Checks;

namespace VpsPilot.Server.Backups;

/// <summary>Unpacks an archive and checks it: every file by its checksum, every database by its integrity and schema.</summary>
internal static class BackupReader
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Checks an archive in a folder that is then removed.</summary>
    /// <exception cref="RefusedException">It is not whole, or a newer program wrote it.</exception>
    public static async Task<BackupManifest> VerifyAsync(string file, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("vpspilot-verify-");
        try
        {
            return await UnpackAsync(file, folder.FullName, ct);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Unpacks into an empty folder and checks what is there then.</summary>
    /// <exception cref="RefusedException">It is not whole, or a newer program wrote it. The folder has rubbish.</exception>
    public static async Task<BackupManifest> UnpackAsync(string file, string folder, CancellationToken ct)
    {
        BackupManifest manifest;
        try
        {
            manifest = await ExtractAsync(file, folder, ct);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or JsonException or FormatException or ArgumentException or OverflowException)
        {
            throw new RefusedException($"{file} is no whole archive of a control plane: {e.Message}");
        }

        foreach (var entry in manifest.Files)
        {
            var path = Path.Combine(folder, entry.Path);
            if (!File.Exists(path) || new FileInfo(path).Length != entry.Size || await HashAsync(path, ct) != entry.Sha256)
            {
                throw new RefusedException($"{file} is damaged: {entry.Path} is not what was backed up.");
            }
        }

        var data = new DataFolder(folder);
        if (DataCheck.Problems(data, data.Databases(), Schemas.Known) is { Count: > 0 } problems)
        {
            throw new RefusedException($"{file} cannot be used:\n{string.Join('\n', problems)}");
        }

        return manifest;
    }

    private static async Task<BackupManifest> ExtractAsync(string file, string folder, CancellationToken ct)
    {
        await using var stream = File.OpenRead(file);

        // The checksum of all is at the end, and a reader of tar stops before it.
        await using (var whole = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true))
        {
            await whole.CopyToAsync(Stream.Null, ct);
        }

        stream.Position = 0;
        await using var gzip = new GZipStream(stream, CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        BackupManifest? manifest = null;
        HashSet<string> unpacked = new(StringComparer.Ordinal);
        while (await tar.GetNextEntryAsync(cancellationToken: ct) is { } entry)
        {
            if (manifest is not null || entry.EntryType != TarEntryType.RegularFile)
            {
                throw new InvalidDataException($"'{entry.Name}' does not belong there.");
            }

            if (entry.Name == BackupManifest.Name)
            {
                manifest = await JsonSerializer.DeserializeAsync(entry.DataStream ?? Stream.Null, BackupsJson.Default.BackupManifest, ct);
                continue;
            }

            var path = Path.GetFullPath(Path.Combine(folder, entry.Name));
            if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !unpacked.Add(path))
            {
                throw new InvalidDataException($"'{entry.Name}' is no name in a data folder.");
            }

            await WriteAsync(entry, path, folder, ct);
        }

        if (manifest is not { Format: BackupManifest.CurrentFormat })
        {
            throw new InvalidDataException(manifest is null ? "its end is missing" : $"it has form {manifest.Format}, and this program reads {BackupManifest.CurrentFormat}");
        }

        return unpacked.SetEquals(manifest.Files.Select(f => Path.GetFullPath(Path.Combine(folder, f.Path)))) ? manifest : throw new InvalidDataException("it does not hold the files that it lists");
    }

    private static async Task WriteAsync(TarEntry entry, string path, string folder, CancellationToken ct)
    {
        for (var parent = Path.GetDirectoryName(path)!; parent.Length > folder.Length; parent = Path.GetDirectoryName(parent)!)
        {
            Directory.CreateDirectory(parent, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        await using var target = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        if (entry.DataStream is { } content)
        {
            await content.CopyToAsync(target, ct);
        }

        target.Flush(flushToDisk: true);
    }

    private static async Task<string> HashAsync(string path, CancellationToken ct)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
    }
}
