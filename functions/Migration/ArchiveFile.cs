using VpsPilot.Functions.Migration.Archives;

namespace VpsPilot.Functions.Migration;

/// <summary>An archive that was received, encrypted as it came, in a file that is gone when this is disposed: it is read twice.</summary>
internal sealed class ArchiveFile : IAsyncDisposable
{
    /// <summary>More is refused.</summary>
    public const long MaxBytes = 4L * 1024 * 1024 * 1024;

    private readonly FileStream file;

    private ArchiveFile(FileStream file) => this.file = file;

    /// <exception cref="ArchiveException">There is more than is accepted.</exception>
    public static async Task<ArchiveFile> ReceiveAsync(Stream from, CancellationToken ct)
    {
        var path = Path.Combine(Path.GetTempPath(), $"vpspilot-{Guid.NewGuid():N}.archive");
        var received = new ArchiveFile(new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.Asynchronous | FileOptions.DeleteOnClose));
        try
        {
            var buffer = new byte[64 * 1024];
            int read;
            while ((read = await from.ReadAsync(buffer, ct)) > 0)
            {
                if (received.file.Length + read > MaxBytes)
                {
                    throw new ArchiveException($"The archive is larger than {MaxBytes} bytes.");
                }

                await received.file.WriteAsync(buffer.AsMemory(0, read), ct);
            }

            return received;
        }
        catch
        {
            await received.DisposeAsync();
            throw;
        }
    }

    /// <summary>The records, from the first on; one reading after the other.</summary>
    public IAsyncEnumerable<ArchiveRecord> Records(string passphrase, CancellationToken ct)
    {
        file.Position = 0;
        return ArchiveReader.ReadAsync(file, passphrase, ct);
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();
}
