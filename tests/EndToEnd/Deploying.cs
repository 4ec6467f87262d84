using System.Text.Json.Nodes;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.EndToEnd.Tests;

/// <summary>What a user does, in one line each.</summary>
internal static class Deploying
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    /// <summary>Pushes and waits for the end of the deployment.</summary>
    public static async Task<JsonNode> PushAndWaitAsync(this LocalStack stack, AppRepository app, string project, string message)
    {
        var commit = await app.PushAsync(message);
        var follower = new DeploymentFollower(stack.Api);
        return await follower.FollowAsync(await follower.FindAsync(project, commit, TimeSpan.FromSeconds(15)), Limit);
    }

    /// <summary>Starts a deployment over the API and waits for its end.</summary>
    public static async Task<JsonNode> DeployAndWaitAsync(this LocalStack stack, string project, JsonObject request)
    {
        var started = await stack.Api.PostAsync($"api/projects/{project}/deployments", request);
        return await new DeploymentFollower(stack.Api).FollowAsync((string)started["id"]!, Limit);
    }

    /// <summary>Shortens the watch window of a sample, so that tests end sooner.</summary>
    public static Task WithShortWatchAsync(this AppRepository app) => app.EditAsync("config.vpspilot.json", "\"10s\"", "\"2s\"");

    public static string Status(this JsonNode deployment) => (string)deployment["status"]!;

    public static string Summary(this JsonNode deployment) => (string)deployment["summary"]!;

    public static JsonNode Failure(this JsonNode deployment) => deployment["failure"] ?? throw new ShouldAssertException($"No failure in {deployment.ToJsonString()}");

    public static IReadOnlyList<string> Stages(this JsonNode deployment) =>
        [.. deployment["nodes"]![0]!["steps"]!.AsArray().Select(s => (string)s!["stage"]!)];
}
