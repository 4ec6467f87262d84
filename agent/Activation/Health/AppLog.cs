using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;

namespace VpsPilot.Agent.Activation.Health;

/// <summary>What an app writes, for the report of why it is bad.</summary>
internal sealed class AppLog(AgentPaths paths, ProcessRunner runner, TimeProvider time)
{
    private static readonly string[] Signs = ["error:", "exception:", "panic:", "fatal:", "fatal error"];

    /// <summary>The end of the log of a slot's web process as it is now.</summary>
    public LogMark MarkEnd(string projectId, Slot slot)
    {
        var file = new FileInfo(paths.AppLog(projectId, slot.Word()));
        Directory.CreateDirectory(file.DirectoryName!);
        return new(file.Exists ? file.Length : 0, time.GetUtcNow());
    }

    /// <summary>Lets <c>logs/ID.log</c> be the log of the slot that has the traffic.</summary>
    public void Lead(string projectId, Slot slot)
    {
        var (link, file) = (paths.AppLog(projectId), Path.GetFileName(paths.AppLog(projectId, slot.Word())));
        if (new FileInfo(link) is { LinkTarget: null, Exists: true })
            File.Move(link, link + ".1", overwrite: true); // Earlier agents had one file for all units.
        if (new FileInfo(link).LinkTarget != file)
            DurableFile.Link(link, file);
    }

    /// <summary>The last lines that one of an app's units wrote, at most 4 KiB; null when there are none. Of the web process only those since the app's mark count.</summary>
    public async Task<string?> TailAsync(WatchedApp app, string unit, CancellationToken cancellationToken)
    {
        var tail = new TailBuffer();
        if (app.Config.Logs.File)
        {
            var process = app.Config.Processes.Keys.FirstOrDefault(p => UnitFile.NameOf(app.ProjectId, app.Slot, p) == unit);
            await ReadFileAsync(paths.AppLog(app.ProjectId, app.Slot.Word(), process), process is null ? app.LogMark.Offset : 0, tail.Add, cancellationToken);
        }
        else
        {
            IReadOnlyList<string> arguments = ["--unit", unit, "--output=cat", "--no-pager", "--lines=60", $"--since=@{app.LogMark.At.ToUnixTimeSeconds()}"];
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
