using System.Globalization;
using System.Runtime.InteropServices;
using VpsPilot.Agent.Processes;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Enrollment;

/// <summary>Reads the node's facts. What cannot be read is left out.</summary>
internal sealed class FactsReader(ProcessRunner runner)
{
    private string? nixVersion;

    /// <summary>Nix system of this machine.</summary>
    public static string System => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "aarch64-linux" : "x86_64-linux";

    public async Task<NodeFacts> ReadAsync(CancellationToken cancellationToken)
    {
        nixVersion ??= await NixVersionAsync(cancellationToken);
        return new()
        {
            HostName = Environment.MachineName,
            System = System,
            OperatingSystem = Line("/etc/os-release", "PRETTY_NAME=")?.Trim('"'),
            NixVersion = nixVersion,
            Processors = Environment.ProcessorCount,
            MemoryBytes = Line("/proc/meminfo", "MemTotal:") is { } memory && long.TryParse(memory.Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes * 1024 : 0,
            DiskFreeBytes = DiskFree(),
            Load1 = double.TryParse(Line("/proc/loadavg", "")?.Split(' ')[0], CultureInfo.InvariantCulture, out var load) ? load : 0,
        };
    }

    private static long DiskFree()
    {
        try
        {
            return new DriveInfo(Directory.Exists("/nix/store") ? "/nix/store" : "/").AvailableFreeSpace;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string? Line(string file, string start)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault(l => l.StartsWith(start, StringComparison.Ordinal))?[start.Length..].Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<string?> NixVersionAsync(CancellationToken cancellationToken)
    {
        // "nix (Nix) 2.26.3"
        var result = await runner.RunAsync(new("nix", ["--version"]) { Timeout = TimeSpan.FromSeconds(10) }, cancellationToken);
        return result.IsSuccess ? result.Answer.Split(' ')[^1] : null;
    }
}
