using System.Globalization;
using System.Net;

namespace VpsPilot.Agent.Activation.Health;

/// <summary>Where the processes of a unit listen: their sockets (proc_pid_fd(5)) looked up in the kernel's table (proc_pid_net(5)).</summary>
internal static class ListeningSockets
{
    private const string Listening = "0A";

    /// <summary>Addresses and ports, TCP over IPv4 and IPv6; null when no process of the unit is to be seen.</summary>
    public static IReadOnlyList<IPEndPoint>? Find(string unit)
    {
        var found = new HashSet<IPEndPoint>();
        var processes = ProcessesOf(unit).ToList();
        foreach (var process in processes)
        {
            var sockets = SocketsOf(process);
            foreach (var table in new[] { "tcp", "tcp6" })
                found.UnionWith(Lines($"{process}/net/{table}").Select(l => Parse(l)).OfType<(IPEndPoint Address, string Inode)>().Where(s => sockets.Contains(s.Inode)).Select(s => s.Address));
        }

        return processes.Count == 0 ? null : [.. found.OrderBy(a => a.Port)];
    }

    /// <summary>One line of the table: the address of a listening socket and its inode; null for other lines.</summary>
    internal static (IPEndPoint Address, string Inode)? Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 10 || words[3] != Listening || words[1].Split(':') is not [var address, var port])
            return null;
        // Each group of four bytes is in the order of this machine's processor.
        var bytes = Convert.FromHexString(address);
        for (var i = 0; BitConverter.IsLittleEndian && i < bytes.Length; i += 4)
            Array.Reverse(bytes, i, 4);
        return (new IPEndPoint(new IPAddress(bytes), int.Parse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture)), words[9]);
    }

    private static IEnumerable<string> ProcessesOf(string unit) =>
        Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])).Where(d => Lines($"{d}/cgroup").Any(l => l.Split('/').Contains(unit, StringComparer.Ordinal)));

    private static HashSet<string> SocketsOf(string process)
    {
        try
        {
            // "socket:[12345]"
            return [.. Directory.EnumerateFileSystemEntries($"{process}/fd").Select(f => new FileInfo(f).LinkTarget).OfType<string>().Where(t => t.StartsWith("socket:[", StringComparison.Ordinal)).Select(t => t["socket:[".Length..^1])];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
