using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Server.Backups;

/// <summary>Writes the data folder as one gzipped tar archive (mode 0600), and its checksum beside it.</summary>
internal sealed class BackupWriter(DataFolder data, TimeProvider time)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly List<BackedUpFile> written = [];

    /// <summary>Makes the archive: whole under its name, or not there at all.</summary>
    /// <exception cref="RefusedException">There is such a file, no data, or a database is damaged.</exception>
    public async Task<BackupManifest> WriteAsync(string file, CancellationToken ct)
    {
        file = Path.GetFullPath(file);
        if (File.Exists(file))
        {
            throw new RefusedException($"{file} is there already.");
        }

        var aside = file + ".new";
        File.Delete(aside);
        // Beside it, where there has to be room anyway. One that was cut off may have left its own.
        if (Directory.Exists(file + ".work"))
        {
            Directory.Delete(file + ".work", recursive: true);
        }

        var work = Directory.CreateDirectory(file + ".work", OwnerOnly | UnixFileMode.UserExecute);
        try
        {
            await using var stream = new FileStream(aside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, UnixCreateMode = OwnerOnly });
            var manifest = await WriteAsync(stream, work.FullName, ct);
            stream.Flush(flushToDisk: true);
            stream.Position = 0;
            var checksum = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
            await WriteChecksumAsync($"{file}.sha256", $"{checksum}  {Path.GetFileName(file)}\n", ct);
            File.Move(aside, file);
            return manifest;
        }
        finally
        {
            File.Delete(aside);
            work.Delete(recursive: true);
        }
    }

    private async Task<BackupManifest> WriteAsync(Stream stream, string work, CancellationToken ct)
    {
        await using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
        await using var tar = new TarWriter(gzip, TarEntryFormat.Pax, leaveOpen: true);
        var copy = Path.Combine(work, "copy");
        using (var moment = Moment.Take(data))
        {
            foreach (var (name, bytes) in moment.Files)
            {
                await File.WriteAllBytesAsync(copy, bytes, ct);
                await AddAsync(tar, name, copy, ct);
            }

            foreach (var (name, database) in moment.Databases)
            {
                database.CopyTo(copy);
                Check(name, copy);
                await AddAsync(tar, name, copy, ct);
            }
        }

        // After the databases: what those tell of is in the logs. They only grow, or go when their time is over.
        foreach (var name in data.Logs())
        {
            try
            {
                File.Copy(data.PathOf(name), copy);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                continue;
            }

            await AddAsync(tar, name, copy, ct);
        }

        var manifest = new BackupManifest { Format = BackupManifest.CurrentFormat, Version = ControlPlaneVersion.Current, CreatedAt = time.GetUtcNow(), Files = written };
        await File.WriteAllBytesAsync(copy, JsonSerializer.SerializeToUtf8Bytes(manifest, BackupsJson.Default.BackupManifest), ct);
        await AddEntryAsync(tar, BackupManifest.Name, copy, ct);
        return manifest;
    }

    private void Check(string name, string copy)
    {
        using var database = Database.OpenForReading(copy);
        if (database.Finding() is { } finding)
        {
            throw new RefusedException($"{data.PathOf(name)} is damaged: {finding}. No backup was made; the last good one is what to restore.");
        }
    }

    private async Task AddAsync(TarWriter tar, string name, string copy, CancellationToken ct)
    {
        await using (var stream = File.OpenRead(copy))
        {
            written.Add(new(name, stream.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct))));
        }

        await AddEntryAsync(tar, name, copy, ct);
    }

    private async Task AddEntryAsync(TarWriter tar, string name, string copy, CancellationToken ct)
    {
        await using (var stream = File.OpenRead(copy))
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = stream, Mode = OwnerOnly, ModificationTime = time.GetUtcNow() }, ct);
        }

        File.Delete(copy);
    }

    private static async Task WriteChecksumAsync(string file, string line, CancellationToken ct)
    {
        File.Delete(file);
        await using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(line), ct);
    }
}
