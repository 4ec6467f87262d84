using System.Text.Json.Nodes;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.EndToEnd.Tests.Types;

/// <summary>What an app that was deployed answers.</summary>
internal static class Serving
{
    /// <summary>Body of a path of the release that a deployment brought; where the deployment failed, this fails with its log.</summary>
    public static async Task<string> ServedByAsync(this LocalStack stack, JsonNode deployment, string path = "")
    {
        if (deployment.Status() != "succeeded")
        {
            deployment.Status().ShouldBe("succeeded", deployment.ToJsonString() + await stack.Api.GetTextAsync($"api/deployments/{deployment["id"]}/log"));
        }

        return await RunningApp.BodyAsync(stack.Vps, (int)deployment["nodes"]![0]!["release"]!["port"]!, path);
    }
}
