using System.Runtime.InteropServices;

namespace VpsPilot.Agent.Journal;

/// <summary>Files that are whole or absent, and there after a power loss once a write has returned.</summary>
internal static partial class DurableFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const int ReadOnlyDirectory = 0x10000 | 0x80000; // O_DIRECTORY | O_CLOEXEC; O_RDONLY is 0

    /// <summary>Writes beside, flushes, renames, and flushes the folder.</summary>
    /// <exception cref="IOException">It could not be written; the earlier content stands.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode = OwnerOnly)
    {
        var beside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = File.OpenHandle(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                File.SetUnixFileMode(file, mode);
                RandomAccess.Write(file, content, 0);
                RandomAccess.FlushToDisk(file);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }

        FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Points a symbolic link elsewhere in one step: there is no moment without it.</summary>
    public static void Link(string path, string target)
    {
        var beside = $"{path}.{Guid.NewGuid():N}.tmp";
        File.CreateSymbolicLink(beside, target);
        if (Rename(beside, path) != 0)
        {
            // File.Move would follow the link.
            var error = Marshal.GetLastPInvokeError();
            File.Delete(beside);
            throw new IOException($"{path} cannot be replaced (error {error}).");
        }

        FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes names in a folder durable.</summary>
    /// <exception cref="IOException">The folder could not be flushed.</exception>
    public static void FlushDirectory(string path)
    {
        var descriptor = Open(path, ReadOnlyDirectory);
        if (descriptor < 0)
            throw new IOException($"{path} cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        try
        {
            if (Flush(descriptor) != 0)
                throw new IOException($"{path} cannot be flushed (error {Marshal.GetLastPInvokeError()}).");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
