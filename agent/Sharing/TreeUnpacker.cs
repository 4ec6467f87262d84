using System.Formats.Tar;
using System.IO.Compression;

namespace VpsPilot.Agent.Sharing;

/// <summary>
/// Unpacks a tree that another node packed. That node may be in foreign hands, and this agent is root: every entry lies in a folder that the same
/// archive has made before it, nothing is written twice, and no link is ever followed.
/// </summary>
internal static class TreeUnpacker
{
    /// <summary>Unpacks into a folder that is empty. Null when all of it is there; else why the archive is refused, and what came before that is in the folder.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="maxBytes">Most bytes of all files together.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public static async Task<string?> UnpackAsync(string archive, string folder, long maxBytes, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(archive, FileMode.Open, FileAccess.Read, FileShare.Read);
        await using var gzip = new GZipStream(file, CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        var folders = new HashSet<string>(StringComparer.Ordinal) { "" };
        var bytes = 0L;
        try
        {
            while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                var name = entry.EntryType == TarEntryType.Directory ? entry.Name.TrimEnd('/') : entry.Name;
                if ((bytes += entry.Length) > maxBytes)
                    return $"its files are more than {maxBytes} bytes";
                if (Mistake(entry, name, folder, folders) is { } mistake)
                    return mistake;
                await WriteAsync(entry, Path.Combine(folder, name), cancellationToken);
                if (entry.EntryType == TarEntryType.Directory)
                    folders.Add(name);
            }

            return null;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException or InvalidOperationException)
        {
            return "it is damaged";
        }
    }

    /// <summary>Null for an entry that may be written.</summary>
    private static string? Mistake(TarEntry entry, string name, string folder, HashSet<string> folders)
    {
        if (entry.EntryType is not (TarEntryType.Directory or TarEntryType.RegularFile or TarEntryType.SymbolicLink))
            return $"'{Shown(name)}' is neither a file, a folder nor a symbolic link";
        if (name.Contains('\0', StringComparison.Ordinal) || name.Split('/').Any(p => p is "" or "." or ".."))
            return $"'{Shown(name)}' leads out of it";
        if (!folders.Contains(Path.GetDirectoryName(name)!))
            return $"'{Shown(name)}' lies in no folder of it";
        var path = Path.Combine(folder, name);
        return Path.Exists(path) || new FileInfo(path).LinkTarget is not null ? $"it has '{Shown(name)}' twice" : null;
    }

    private static async Task WriteAsync(TarEntry entry, string path, CancellationToken cancellationToken)
    {
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                Directory.CreateDirectory(path);
                break;
            case TarEntryType.SymbolicLink:
                File.CreateSymbolicLink(path, entry.LinkName);
                break;
            default:
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = TreePacker.ModeOf(entry.Mode) };
                await using (var target = new FileStream(path, options))
                    await (entry.DataStream ?? Stream.Null).CopyToAsync(target, cancellationToken);
                break;
        }
    }

    private static string Shown(string name) => new([.. name.Take(200).Select(c => char.IsControl(c) ? '?' : c)]);
}
