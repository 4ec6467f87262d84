using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace VpsPilot.Functions.Tests.Webhooks;

/// <summary>GitHub's own example payloads, from the npm package that its lock file pins.</summary>
internal static class GitHubExamples
{
    private static readonly Lazy<JsonArray> All = new(Read);

    /// <summary>The names of all events that have examples.</summary>
    public static IReadOnlyList<string> Events => [.. All.Value.Select(e => (string)e!["name"]!)];

    public static IReadOnlyList<JsonNode> Of(string name) => [.. All.Value.Single(e => (string)e!["name"]! == name)!["examples"]!.AsArray().Select(e => e!)];

    private static JsonArray Read()
    {
        var folder = Folder();
        if (!File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json")))
        {
            using var installing = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund"]) { WorkingDirectory = folder })!;
            installing.WaitForExit(TimeSpan.FromMinutes(4)).ShouldBeTrue("npm ci took too long");
            installing.ExitCode.ShouldBe(0);
        }

        return JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "node_modules/@octokit/webhooks-examples/api.github.com/index.json")))!.AsArray();
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../webhooks-examples"));
}
