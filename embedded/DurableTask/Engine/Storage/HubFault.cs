using Microsoft.Data.Sqlite;

namespace VpsPilot.Embedded.DurableTask.Engine.Storage;

/// <summary>Why the file of a task hub cannot be used, and what to do. Codes: SQLite, "Result and Error Codes".</summary>
internal static class HubFault
{
    private const int Busy = 5, Locked = 6, ReadOnly = 8, Corrupt = 11, Full = 13, CannotOpen = 14, NoDatabase = 26;

    // What flock answers when another process has the lock (EWOULDBLOCK), and Windows' sharing violation.
    private const int WouldBlock = 11, SharingViolation = unchecked((int)0x80070020);

    /// <summary>Takes the file's lock, which lasts until it is disposed.</summary>
    /// <exception cref="HubUnavailableException">Another process has it, or it cannot be made.</exception>
    public static FileStream Lock(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is WouldBlock or SharingViolation)
        {
            throw new HubUnavailableException($"The task hub {path} is open in another process. One process runs a task hub; stop the other one, or use another file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubUnavailableException($"The task hub {path} cannot be locked: {e.Message} Its folder must be writable for this user.", e);
        }
    }

    public static HubUnavailableException Of(string path, SqliteException e) => e.SqliteErrorCode switch
    {
        Corrupt or NoDatabase => Damaged(path, e.Message, e),
        Busy or Locked => new($"The task hub file {path} is held by another program: {e.Message} Close what has it open.", e),
        ReadOnly or CannotOpen => new($"The task hub file {path} cannot be opened for writing: {e.Message} The file and its folder must be writable for this user.", e),
        Full => new($"The disk of the task hub file {path} is full: {e.Message} Make room and start again.", e),
        _ => new($"The task hub file {path} cannot be used: {e.Message}", e),
    };

    public static HubUnavailableException Damaged(string path, string finding, Exception? cause = null) =>
        new($"The task hub file {path} is damaged ({finding}). Restore it from a backup, or move it away to start empty.", cause);
}
