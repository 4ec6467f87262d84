using System.Text;

namespace VpsPilot.Agent.Processes;

/// <summary>Keeps the last lines, together at most 4 KiB of UTF-8. Thread-safe.</summary>
internal sealed class TailBuffer
{
    public const int MaxBytes = 4 * 1024;

    private readonly Lock gate = new();
    private readonly Queue<string> lines = new();
    private int bytes;

    public void Add(string line)
    {
        if (line.Length > MaxBytes / 4)
            line = line[..(MaxBytes / 4)];
        lock (gate)
        {
            lines.Enqueue(line);
            bytes += Size(line);
            while (bytes > MaxBytes)
                bytes -= Size(lines.Dequeue());
        }
    }

    public override string ToString()
    {
        lock (gate)
            return string.Join('\n', lines);
    }

    private static int Size(string line) => Encoding.UTF8.GetByteCount(line) + 1;
}
