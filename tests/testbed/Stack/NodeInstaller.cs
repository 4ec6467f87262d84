using System.Diagnostics;
using System.Text.Json.Nodes;

namespace VpsPilot.Testbed.Stack;

/// <summary>Installs the agent in a test VPS the way a user does: by the one-line command that the control plane gave.</summary>
public static class NodeInstaller
{
    /// <summary>Writes the agent's settings where the testbed needs some, and runs the install command.</summary>
    /// <exception cref="InvalidOperationException">The command failed; the message has its output.</exception>
    public static async Task InstallAsync(TestVps vps, string installCommand, JsonObject? more = null, CancellationToken ct = default)
    {
        var settings = more?.DeepClone().AsObject() ?? [];
        settings["heartbeatSeconds"] ??= 5;
        settings["ports"] ??= new JsonObject { ["from"] = vps.Ports.From, ["to"] = vps.Ports.To };
        if (await TestVps.OfflineNixpkgsAsync() is { } offline)
        {
            settings["overrideInputs"] = new JsonObject { ["*"] = "path:" + offline };
            settings["substituters"] = new JsonArray();
        }

        await vps.RunAsync(["mkdir", "-p", "/etc/vpspilot"], ct);
        await vps.WriteFileAsync("/etc/vpspilot/agent.json", settings.ToJsonString(), ct);
        await vps.RunAsync(["bash", "-c", installCommand], ct);
    }

    /// <summary>Waits for the node's first heartbeat.</summary>
    public static async Task WaitUntilOnlineAsync(ApiClient api, string nodeId, TimeSpan limit, CancellationToken ct = default)
    {
        var clock = Stopwatch.StartNew();
        JsonNode? node = null;
        while (clock.Elapsed < limit)
        {
            node = await api.GetAsync($"api/nodes/{nodeId}", ct);
            if ((string?)node["state"] == "online")
            {
                return;
            }

            await Task.Delay(100, ct);
        }

        throw new TimeoutException($"Node {nodeId} did not come online within {limit.TotalSeconds:0} s: {node?.ToJsonString()}");
    }
}
