namespace VpsPilot.Functions.Storage;

/// <summary>Logs as files below one folder.</summary>
internal sealed class FileLogStore(string root) : ILogStore
{
    private readonly SemaphoreSlim[] locks = [.. Enumerable.Range(0, 16).Select(_ => new SemaphoreSlim(1, 1))];

    public async Task<LogAppend> AppendAsync(string name, long offset, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        var file = PathOf(name);
        var gate = locks[(uint)name.GetHashCode(StringComparison.Ordinal) % (uint)locks.Length];
        await gate.WaitAsync(ct);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using var handle = File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
            var length = RandomAccess.GetLength(handle);
            if (length != offset)
            {
                return new(false, length);
            }

            await RandomAccess.WriteAsync(handle, bytes, offset, ct);
            RandomAccess.FlushToDisk(handle);
            return new(true, offset + bytes.Length);
        }
        finally
        {
            gate.Release();
        }
    }

    public Task<long> LengthAsync(string name, CancellationToken ct)
    {
        var file = new FileInfo(PathOf(name));
        return Task.FromResult(file.Exists ? file.Length : 0);
    }

    public Task<Stream> OpenReadAsync(string name, long offset, CancellationToken ct)
    {
        try
        {
            var stream = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 4096, useAsync: true);
            stream.Position = Math.Min(offset, stream.Length);
            return Task.FromResult<Stream>(stream);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult(Stream.Null);
        }
    }

    public Task DeleteAsync(string prefix, CancellationToken ct)
    {
        var file = PathOf(prefix);
        if (File.Exists(file))
        {
            File.Delete(file);
        }

        var folder = file[..^".log".Length];
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Task.CompletedTask;
    }

    /// <exception cref="ArgumentException">The name could lead out of the folder.</exception>
    private string PathOf(string name)
    {
        LogNames.Check(name);
        return Path.Combine(root, name + ".log");
    }
}
