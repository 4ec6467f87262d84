using System.Runtime.CompilerServices;
using CliWrap;

namespace VpsPilot.Packages.Tests;

/// <summary>Packages made by the repository's own script of what <c>make build</c> published.</summary>
internal static class DebianPackages
{
    public static string Root { get; } = FindRoot();

    /// <summary>Builds the agent's package.</summary>
    /// <returns>Path of the file.</returns>
    public static Task<string> AgentAsync(string version, string folder, string? binary = null) =>
        BuildAsync("agent", version, folder, binary ?? Artifact("agent/linux-x64/vpspilot-agent"));

    /// <summary>Builds the server's package.</summary>
    /// <returns>Path of the file.</returns>
    public static Task<string> ServerAsync(string version, string folder) => BuildAsync("server", version, folder, Path.GetDirectoryName(Artifact("server/vpspilot-server"))!, Path.Combine(Root, "artifacts/agent"));

    public static string Artifact(string name)
    {
        var file = Path.Combine(Root, "artifacts", name);
        return File.Exists(file) ? file : throw new InvalidOperationException($"{file} is missing: run make build first.");
    }

    private static async Task<string> BuildAsync(string name, string version, string folder, params string[] source)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await Cli.Wrap(Path.Combine(Root, "infra/packages/deb.sh"))
            .WithArguments([name, version, "amd64", folder, .. source])
            .WithEnvironmentVariables(e => e.Set("SOURCE_DATE_EPOCH", "1700000000").Set("DEB_COMPRESSION", "1"))
            .ExecuteAsync(limit.Token);
        return Path.Combine(folder, $"vpspilot-{name}_{version}_amd64.deb");
    }

    private static string FindRoot([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../.."));
}
