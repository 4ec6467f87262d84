using System.Globalization;

namespace VpsPilot.Agent.Operations.Checks;

/// <summary>A process that listens on a TCP port.</summary>
/// <param name="Port">The port.</param>
/// <param name="Pid">The process; null when it cannot be told.</param>
/// <param name="Name">Its name.</param>
/// <param name="Unit">The unit it is part of; null when none.</param>
internal sealed record Listener(int Port, int? Pid, string? Name, string? Unit)
{
    /// <summary>For a person: name, process and unit.</summary>
    public string Described => Pid is { } pid ? $"{Name} (process {pid}{(Unit is { } unit ? $", {unit}" : "")})" : "a process that cannot be seen";
}

/// <summary>Says who listens on which TCP port of this machine (proc_net(5), proc_pid_fd(5), proc_pid_cgroup(5)).</summary>
internal static class ListeningPorts
{
    private const string Listen = "0A";
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    public static IReadOnlyList<Listener> Read()
    {
        var ports = Tables.Where(File.Exists).SelectMany(f => Sockets(File.ReadLines(f))).ToLookup(s => s.Inode, s => s.Port, StringComparer.Ordinal);
        var found = new List<Listener>();
        var owned = new HashSet<string>(StringComparer.Ordinal);
        foreach (var process in Directory.EnumerateDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), out var pid) ? pid : 0).Where(p => p > 0))
        {
            foreach (var inode in SocketsOf(process).Where(ports.Contains).Distinct(StringComparer.Ordinal))
            {
                owned.Add(inode);
                found.AddRange(ports[inode].Select(p => new Listener(p, process, Text($"/proc/{process}/comm"), UnitIn(Text($"/proc/{process}/cgroup")))));
            }
        }

        found.AddRange(ports.Where(p => !owned.Contains(p.Key)).SelectMany(p => p).Select(p => new Listener(p, null, null, null)));
        return [.. found.Distinct()];
    }

    /// <summary>Ports and inodes of the sockets that listen.</summary>
    internal static IEnumerable<(int Port, string Inode)> Sockets(IEnumerable<string> lines)
    {
        //   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
        foreach (var line in lines.Skip(1))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 9 && words[3] == Listen && int.TryParse(words[1].Split(':')[^1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var port))
                yield return (port, words[9]);
        }
    }

    /// <summary>The last service in a process's control group path.</summary>
    internal static string? UnitIn(string? cgroup) =>
        cgroup?.Split('\n').SelectMany(l => l.Split(':')[^1].Split('/')).LastOrDefault(p => p.EndsWith(".service", StringComparison.Ordinal));

    private static List<string> SocketsOf(int process)
    {
        const string Start = "socket:[";
        try
        {
            return [.. Directory.EnumerateFiles($"/proc/{process}/fd").Select(f => new FileInfo(f).LinkTarget).OfType<string>().Where(t => t.StartsWith(Start, StringComparison.Ordinal)).Select(t => t[Start.Length..^1])];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // It is gone, or not ours to see.
        }
    }

    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
