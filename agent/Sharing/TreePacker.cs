using System.Formats.Tar;
using System.IO.Compression;
using VpsPilot.Contracts.Commands;

namespace VpsPilot.Agent.Sharing;

/// <summary>
/// Packs a compiled tree as it lies in the store. What an archive has of a file is its name, its content, and whether it can be run, which is what
/// the store has of it too; so the same tree gives the same archive, byte for byte.
/// </summary>
internal static class TreePacker
{
    private const UnixFileMode Data = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Program = Data | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The one of two modes that stands for this one, as in the store: it can be run, or not.</summary>
    public static UnixFileMode ModeOf(UnixFileMode mode) => mode.HasFlag(UnixFileMode.UserExecute) ? Program : Data;

    /// <summary>Writes the archive; the bytes of the files in it.</summary>
    /// <param name="tree">Folder with the tree.</param>
    /// <param name="lockFile">The lock of the environment it was compiled in; null when there is none.</param>
    /// <param name="archive">The file to write.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="IOException">The tree is gone, or the disk is full.</exception>
    public static async Task<long> PackAsync(string tree, string? lockFile, string archive, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(archive, FileMode.Create, FileAccess.Write, FileShare.None);
        await using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        await using var tar = new TarWriter(gzip, TarEntryFormat.Gnu);
        var bytes = 0L;
        if (lockFile is not null)
            bytes += await FileAsync(tar, SharedTree.LockFile, lockFile, cancellationToken);
        return bytes + await FolderAsync(tar, SharedTree.Folder, new DirectoryInfo(tree), cancellationToken);
    }

    private static async Task<long> FolderAsync(TarWriter tar, string name, DirectoryInfo folder, CancellationToken cancellationToken)
    {
        await tar.WriteEntryAsync(Entry(TarEntryType.Directory, name + "/", Program), cancellationToken);
        var bytes = 0L;
        foreach (var item in folder.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }).OrderBy(i => i.Name, StringComparer.Ordinal))
        {
            var inside = $"{name}/{item.Name}";
            if (item.LinkTarget is { } target)
                await tar.WriteEntryAsync(Entry(TarEntryType.SymbolicLink, inside, Program, target), cancellationToken);
            else
                bytes += item is DirectoryInfo deeper ? await FolderAsync(tar, inside, deeper, cancellationToken) : await FileAsync(tar, inside, item.FullName, cancellationToken);
        }

        return bytes;
    }

    private static async Task<long> FileAsync(TarWriter tar, string name, string path, CancellationToken cancellationToken)
    {
        await using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var entry = Entry(TarEntryType.RegularFile, name, ModeOf(File.GetUnixFileMode(content.SafeFileHandle)));
        entry.DataStream = content;
        await tar.WriteEntryAsync(entry, cancellationToken);
        return content.Length;
    }

    /// <summary>Of the formats the one that carries names of any length and no time or process of its writing.</summary>
    private static GnuTarEntry Entry(TarEntryType type, string name, UnixFileMode mode, string? target = null)
    {
        var entry = new GnuTarEntry(type, name) { Mode = mode, ModificationTime = DateTimeOffset.UnixEpoch, AccessTime = DateTimeOffset.UnixEpoch, ChangeTime = DateTimeOffset.UnixEpoch };
        if (target is not null)
            entry.LinkName = target;
        return entry;
    }
}
