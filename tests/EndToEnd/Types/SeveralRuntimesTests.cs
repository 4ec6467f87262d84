using System.Text.Json.Nodes;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.EndToEnd.Tests.Types;

/// <summary>Several versions of a runtime, and several runtimes, beside each other on one node.</summary>
[Collection(StackCollection.Name)]
public sealed class SeveralRuntimesTests(StackFixture fixture)
{
    private readonly LocalStack stack = TestVps.Available ? fixture.Stack : null!;

    [VpsFact(Timeout = 900_000)]
    public async Task Projects_with_different_versions_of_Node_run_side_by_side_each_with_its_own()
    {
        string[] versions = ["18", "20", "22"];

        var deployments = await Task.WhenAll(versions.Select(DeployAsync));

        foreach (var (version, deployment) in versions.Zip(deployments))
        {
            var answer = JsonNode.Parse(await stack.ServedByAsync(deployment))!;
            ((string)answer["runtime"]!).ShouldStartWith($"v{version}.");
            ((string)answer["express"]!).ShouldStartWith("5.");
        }
    }

    [VpsFact(Timeout = 900_000)]
    public async Task A_project_with_PHP_and_Node_is_built_by_one_and_served_by_the_other()
    {
        var app = await stack.CreateProjectAsync("php-and-node", StackFixture.Sample("php-node"));
        await app.WithShortWatchAsync();

        var deployment = await stack.PushAndWaitAsync(app, "php-and-node", "PHP and Node.js");

        var answer = JsonNode.Parse(await stack.ServedByAsync(deployment))!;
        ((string)answer["runtime"]!).ShouldStartWith("8.4.");
        ((string)answer["node"]!).ShouldStartWith("v20.");
        ((bool)answer["redis"]!).ShouldBeTrue();
        (await stack.ServedByAsync(deployment, ((string)answer["script"]!).TrimStart('/'))).ShouldContain((string)answer["node"]!);
    }

    private async Task<JsonNode> DeployAsync(string version)
    {
        var project = "node-" + version;
        var app = await stack.CreateProjectAsync(project, StackFixture.Sample("express"));
        await app.WithShortWatchAsync();
        await app.EditAsync("config.vpspilot.json", "\"node\": \"22\"", $"\"node\": \"{version}\"");
        return await stack.PushAndWaitAsync(app, project, $"On Node.js {version}");
    }
}
