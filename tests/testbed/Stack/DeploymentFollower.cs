using System.Diagnostics;
using System.Text.Json.Nodes;

namespace VpsPilot.Testbed.Stack;

/// <summary>Follows a deployment through the API until it ends.</summary>
public sealed class DeploymentFollower(ApiClient api)
{
    private static readonly string[] Ended = ["succeeded", "failed", "rolled-back", "canceled", "superseded"];

    /// <summary>Called for every stage that starts or ends, with the node and the step as the API shows it.</summary>
    public Action<string, JsonNode>? OnStep { get; init; }

    /// <summary>The deployment of a commit, as soon as there is one.</summary>
    public async Task<string> FindAsync(string project, string commit, TimeSpan limit, CancellationToken ct = default)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < limit)
        {
            var page = await api.GetAsync($"api/projects/{project}/deployments", ct);
            if (page["items"]!.AsArray().FirstOrDefault(d => (string?)d!["commit"] == commit) is { } found)
            {
                return (string)found["id"]!;
            }

            await Task.Delay(100, ct);
        }

        throw new TimeoutException($"No deployment of {commit} appeared within {limit.TotalSeconds:0} s.");
    }

    /// <summary>Waits for the end and returns the last state.</summary>
    public async Task<JsonNode> FollowAsync(string id, TimeSpan limit, CancellationToken ct = default)
    {
        var clock = Stopwatch.StartNew();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var deployment = await api.GetAsync($"api/deployments/{id}", ct);
            Report(deployment, seen);
            if (Ended.Contains((string)deployment["status"]!))
            {
                return deployment;
            }

            if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"Deployment {id} did not end within {limit.TotalSeconds:0} s; last state: {deployment.ToJsonString()}");
            }

            await Task.Delay(100, ct);
        }
    }

    private void Report(JsonNode deployment, HashSet<string> seen)
    {
        foreach (var node in deployment["nodes"]!.AsArray())
        {
            foreach (var step in node!["steps"]!.AsArray())
            {
                if (seen.Add($"{node["nodeId"]}/{step!["stage"]}/{step["state"]}"))
                {
                    OnStep?.Invoke((string)node["nodeId"]!, step);
                }
            }
        }
    }
}
