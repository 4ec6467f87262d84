using System.Text.Json.Nodes;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.EndToEnd.Tests;

/// <summary>The whole stack over https and amqps, with the control plane's own authority.</summary>
[Collection(StackCollection.Name)]
public sealed class TransportTests
{
    [VpsFact(Timeout = 600_000)]
    public async Task A_node_pins_the_authority_deploys_over_TLS_renews_its_keys_and_is_shut_out()
    {
        var folder = Directory.CreateTempSubdirectory("vpspilot-tls-").FullName;
        try
        {
            var options = ControlPlaneOptions.OnFreePorts(Path.Combine(StackFixture.Root, "artifacts", "functions"), Path.Combine(folder, "data")) with
            {
                AgentPackages = Path.Combine(StackFixture.Root, "artifacts", "agent"),
                IsEncrypted = true,
            };
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(9));
            await using var stack = await LocalStack.StartAsync("tls", options, Path.Combine(folder, "git"), _ => { }, ct: limit.Token);
            var identity = JsonNode.Parse(await stack.Vps.RunAsync(["cat", "/var/lib/vpspilot/identity.json"]))!;
            ((string)identity["enrollment"]!["queueEndpoint"]!).ShouldStartWith("amqps://");
            ((string)identity["pinnedAuthority"]!).ShouldBe(await File.ReadAllTextAsync(Path.Combine(folder, "data", "ca.pem")));
            (await stack.Vps.RunAsync(["sh", "-c", "stat -c %a /var/lib/vpspilot/*.key /var/lib/vpspilot/identity.json | sort -u"])).Trim().ShouldBe("600");

            var app = await stack.CreateProjectAsync("tls", StackFixture.Sample("nodejs"));
            await app.WithShortWatchAsync();
            await stack.Api.PutAsync("api/projects/tls/env/KEY", new JsonObject { ["value"] = "one" });
            await app.EditAsync("config.vpspilot.json", "\"type\": \"nodejs\",", "\"type\": \"nodejs\",\n  \"env\": { \"KEY\": \"{{KEY}}\" },");
            await app.PushAsync("First"); // The hook of the test's git server does not know the authority; the API starts it.
            var first = await stack.DeployAndWaitAsync("tls", []);
            first.Status().ShouldBe("succeeded", first.ToJsonString());

            var keys = await stack.Vps.RunAsync(["sha256sum", "/var/lib/vpspilot/sign.key", "/var/lib/vpspilot/seal.key"]);
            await stack.Api.PostAsync($"api/nodes/{LocalStack.Node}/rotate", new JsonObject());
            await UntilAsync(async () => await stack.Api.GetAsync($"api/nodes/{LocalStack.Node}") is var node && node["renewedAt"] is { } at && (DateTimeOffset)node["lastSeenAt"]! > ((DateTimeOffset)at).AddSeconds(1), "a heartbeat with the new keys");
            (await stack.Vps.RunAsync(["sha256sum", "/var/lib/vpspilot/sign.key", "/var/lib/vpspilot/seal.key"])).ShouldNotBe(keys);
            var second = await stack.DeployAndWaitAsync("tls", []);
            second.Status().ShouldBe("succeeded", second.ToJsonString());

            await stack.Api.PostAsync($"api/nodes/{LocalStack.Node}/revoke", new JsonObject());
            ((string)(await stack.Api.GetAsync($"api/nodes/{LocalStack.Node}"))["state"]!).ShouldBe("revoked");
            var refused = await stack.DeployAndWaitAsync("tls", []);
            refused.Status().ShouldBe("failed", refused.ToJsonString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            while (!await condition())
            {
                await Task.Delay(200, limit.Token);
            }
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"There was no {what}.", e);
        }
    }
}
