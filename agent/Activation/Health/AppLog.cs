using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;

namespace VpsPilot.Agent.Activation.Health;

/// <summary>What an app writes, for the report of why it is bad.</summary>
internal sealed class AppLog(AgentPaths paths, ProcessRunner runner, TimeProvider time)
{
    private static readonly string[] Signs = ["error:", "exception:", "panic:", "fatal:", "fatal error"];

    /// <summary>The end of the log as it is now.</summary>
    public LogMark MarkEnd(string projectId)
    {
        var file = new FileInfo(paths.AppLog(projectId));
        Directory.CreateDirectory(file.DirectoryName!);
        return new(file.Exists ? file.Length : 0, time.GetUtcNow());
    }

    /// <summary>The last lines since a mark, at most 4 KiB; null when there are none.</summary>
    public async Task<string?> TailAsync(string projectId, string unit, bool isFile, LogMark since, CancellationToken cancellationToken)
    {
        var tail = new TailBuffer();
        if (isFile)
        {
            await ReadFileAsync(paths.AppLog(projectId), since.Offset, tail.Add, cancellationToken);
        }
        else
        {
            IReadOnlyList<string> arguments = ["--unit", unit, "--output=cat", "--no-pager", "--lines=60", $"--since=@{since.At.ToUnixTimeSeconds()}"];
            var journal = await runner.RunAsync(new("journalctl", arguments) { Timeout = TimeSpan.FromSeconds(10) }, cancellationToken);
            foreach (var line in journal.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                tail.Add(line);
        }

        var text = tail.ToString();
        return text.Length == 0 ? null : text;
    }

    /// <summary>The line that most likely says why an app ended: the last that reads like an error; null when none does.</summary>
    public static string? CauseIn(string? tail)
    {
        var line = tail?.Split('\n').Select(l => l.Trim()).LastOrDefault(l => Signs.Any(s => l.Contains(s, StringComparison.OrdinalIgnoreCase)) && !l.StartsWith("at ", StringComparison.Ordinal));
        return line is null || line.Length <= 200 ? line : line[..197] + "...";
    }

    private static async Task ReadFileAsync(string path, long from, Action<string> line, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return;
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        // A log that is shorter than it was has been put aside: all of it is new.
        file.Position = Math.Max(from > file.Length ? 0 : from, file.Length - (16 * TailBuffer.MaxBytes));
        await LineSplitter.ReadAsync(file, line, cancellationToken);
    }
}
