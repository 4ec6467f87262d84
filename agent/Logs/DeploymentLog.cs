using System.Text;
using System.Threading.Channels;

namespace VpsPilot.Agent.Logs;

/// <summary>The log of one deployment on this node: a file of bounded size that is uploaded as it grows. Thread-safe.</summary>
internal sealed class DeploymentLog : IDisposable
{
    public const long MaxBytes = 16 * 1024 * 1024;
    private static readonly byte[] Full = "[the log is full; what follows is left out]\n"u8.ToArray();

    private readonly Lock gate = new();
    private readonly FileStream file;
    private readonly Channel<bool> changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<(long Length, TaskCompletionSource Done)> flushes = [];
    private long uploaded;
    private bool isClosed;
    private bool isFull;

    public DeploymentLog(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        FilePath = path;
        file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        Length = file.Length;
        isFull = Length > MaxBytes;
        changes.Writer.TryWrite(true);
    }

    public string FilePath { get; }

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    /// <summary>Signals growth and flushes; ends when the log is closed.</summary>
    public ChannelReader<bool> Changes => changes.Reader;

    /// <summary>Somebody waits for the upload.</summary>
    public bool IsFlushing
    {
        get
        {
            lock (gate)
                return flushes.Count > 0;
        }
    }

    /// <summary>Adds a line. One that the disk has no room for is left out: what a log is about must not fail because of it.</summary>
    public void WriteLine(string line)
    {
        lock (gate)
        {
            if (isClosed || isFull)
                return;
            var bytes = Encoding.UTF8.GetBytes(line.Replace('\0', ' ') + "\n");
            isFull = Length + bytes.Length > MaxBytes;
            if (isFull)
                bytes = Full;
            try
            {
                file.Write(bytes);
                Length += bytes.Length;
            }
            catch (IOException)
            {
                Length = LengthNow();
            }
        }

        changes.Writer.TryWrite(true);
    }

    /// <summary>Waits until all that is written now is uploaded.</summary>
    public Task FlushAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (uploaded >= Length)
                return Task.CompletedTask;
            flushes.Add((Length, done));
        }

        changes.Writer.TryWrite(true);
        return done.Task;
    }

    /// <summary>Told by the uploader how much the control plane has.</summary>
    public void Uploaded(long offset)
    {
        lock (gate)
        {
            uploaded = offset;
            foreach (var (_, done) in flushes.Where(f => f.Length <= offset))
                done.TrySetResult();
            flushes.RemoveAll(f => f.Length <= offset);
        }
    }

    /// <summary>Ends writing. The uploader goes on to the end.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isClosed = true;
            file.Dispose();
        }

        changes.Writer.TryComplete();
    }

    /// <summary>A part of a line may have got in.</summary>
    private long LengthNow()
    {
        try
        {
            return file.Length;
        }
        catch (IOException)
        {
            return Length;
        }
    }
}
