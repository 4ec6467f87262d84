using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Bench.Webhooks;

/// <summary>Debian's <c>webhook</c>, which verifies the signature, runs a command for each delivery, and here waits for it.</summary>
internal sealed class DebianWebhook : IAsyncDisposable
{
    private const string Program = "/usr/bin/webhook";

    private readonly Process process;
    private readonly string folder;

    private DebianWebhook(Process process, string folder, Uri url) => (this.process, this.folder, Url) = (process, folder, url);

    public Uri Url { get; }

    /// <summary>Null when it is not installed.</summary>
    public static async Task<DebianWebhook?> StartAsync(string secret)
    {
        if (!File.Exists(Program))
        {
            return null;
        }

        var work = Directory.CreateTempSubdirectory("webhook-bench-").FullName;
        var hooks = Path.Combine(work, "hooks.json");
        await File.WriteAllTextAsync(hooks, new JsonArray(new JsonObject
        {
            ["id"] = "deploy",
            ["execute-command"] = "/bin/true",
            ["include-command-output-in-response"] = true,
            ["trigger-rule"] = new JsonObject
            {
                ["match"] = new JsonObject
                {
                    ["type"] = "payload-hmac-sha256",
                    ["secret"] = secret,
                    ["parameter"] = new JsonObject { ["source"] = "header", ["name"] = "X-Hub-Signature-256" },
                },
            },
        }).ToJsonString());
        var port = ControlPlaneOptions.FreePort();
        var started = BackgroundProcess.Start(Path.Combine(work, "log"), [Program, "-hooks", hooks, "-ip", "127.0.0.1", "-port", $"{port}"], work);
        for (var i = 0; i < 100; i++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port);
                return new DebianWebhook(started, work, new Uri($"http://127.0.0.1:{port}/hooks/deploy"));
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }

        throw new InvalidOperationException("Debian's webhook did not start.");
    }

    public async ValueTask DisposeAsync()
    {
        await BackgroundProcess.StopAsync(process, TimeSpan.FromSeconds(5));
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
