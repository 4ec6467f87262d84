using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Edge;

/// <summary>
/// Counts the answers of each slot from the edge's log of answers. It reads on only when it is asked. A count is of answers to requests that
/// began after a switch, so what the old release still finishes is not laid at the new one's door.
/// </summary>
internal sealed class TrafficMeter(string file) : IDisposable
{
    /// <summary>Of what was logged before a slot is asked for the first time, so much is read: enough for the moments an agent is away.</summary>
    private const long MostOfThePast = 4 * 1024 * 1024;

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Dictionary<(string Project, int Port), Count> counts = [];
    private long offset;

    /// <summary>Answers of a project's slot to requests that began since a time.</summary>
    public async Task<TrafficCount> CountAsync(string projectId, int port, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var key = (projectId, port);
            if (!counts.TryGetValue(key, out var count) || count.Since != since)
            {
                counts[key] = count = new Count(since);
                await ReadAsync(Math.Max(0, offset - MostOfThePast), offset, line => count.Take(projectId, port, line), cancellationToken);
            }

            if (File.Exists(file) && new FileInfo(file).Length < offset)
                offset = 0; // It has been rotated.
            offset = await ReadAsync(offset, long.MaxValue, Take, cancellationToken);
            return new(count.Answers, count.Errors);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private void Take(AnswerLine line)
    {
        if (counts.TryGetValue((line.Project, line.Port), out var count))
            count.Take(line.Project, line.Port, line);
    }

    /// <summary>Reads whole lines from one place to another.</summary>
    /// <returns>The place after the last whole line.</returns>
    private async Task<long> ReadAsync(long from, long to, Action<AnswerLine> take, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
            return from;
        await using var log = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        // The first look of this process: the past is as good as its end.
        log.Position = from = from == 0 ? Math.Max(0, log.Length - MostOfThePast) : from;
        var buffer = new byte[64 * 1024];
        var held = 0;
        int read;
        while (from < to && (read = await log.ReadAsync(buffer.AsMemory(held), cancellationToken)) > 0)
        {
            var filled = held + read;
            var start = 0;
            while (Array.IndexOf(buffer, (byte)'\n', start, filled - start) is >= 0 and var end)
            {
                if (AnswerLine.Read(buffer.AsMemory(start, end - start)) is { } line)
                    take(line);
                from += end + 1 - start;
                start = end + 1;
            }

            held = filled - start;
            if (held == buffer.Length)
                (held, from) = (0, from + held); // No line of ours is so long.
            else
                buffer.AsSpan(start, held).CopyTo(buffer);
        }

        return from;
    }

    private sealed class Count(DateTimeOffset since)
    {
        public DateTimeOffset Since => since;

        public long Answers { get; private set; }

        public long Errors { get; private set; }

        public void Take(string project, int port, AnswerLine line)
        {
            if (line.Project != project || line.Port != port || line.Began < since)
                return;
            Answers++;
            Errors += line.Status >= 500 ? 1 : 0;
        }
    }
}
