using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Bench.Webhooks;

/// <summary>Debian's <c>webhook</c>, which verifies the signature and runs a command for each delivery: it waits for it, or answers at once.</summary>
internal sealed class DebianWebhook : IAsyncDisposable
{
    private const string Program = "/usr/bin/webhook";

    private readonly Process process;
    private readonly string folder;

    private DebianWebhook(Process process, string folder, Uri url) => (this.process, this.folder, Url) = (process, folder, url);

    public static bool IsInstalled => File.Exists(Program);

    public Uri Url { get; }

    /// <param name="secret">Signs the deliveries.</param>
    /// <param name="waits">Whether an answer waits for the command's end.</param>
    public static async Task<DebianWebhook> StartAsync(string secret, bool waits)
    {
        var work = Directory.CreateTempSubdirectory("webhook-bench-").FullName;
        var command = Path.Combine(work, "command");
        await File.WriteAllTextAsync(command, "#!/bin/sh\necho >>\"${0%/*}/ran\"\n");
        File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var hooks = Path.Combine(work, "hooks.json");
        await File.WriteAllTextAsync(hooks, new JsonArray(new JsonObject
        {
            ["id"] = "deploy",
            ["execute-command"] = command,
            ["include-command-output-in-response"] = waits,
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

    /// <summary>How many commands have run; waits until there are as many as were accepted, or until nothing more comes.</summary>
    public async Task<int> CommandsRunAsync(int accepted)
    {
        var ran = Path.Combine(folder, "ran");
        for (var (seen, quiet) = (-1, 0); quiet < 20;)
        {
            var now = File.Exists(ran) ? (int)new FileInfo(ran).Length : 0; // One line feed each.
            quiet = now == seen ? quiet + 1 : 0;
            seen = now;
            if (now >= accepted)
            {
                break;
            }

            await Task.Delay(100);
        }

        return File.Exists(ran) ? (int)new FileInfo(ran).Length : 0;
    }

    public double ResidentMegabytes()
    {
        process.Refresh();
        return process.WorkingSet64 / 1024.0 / 1024.0;
    }

    public async ValueTask DisposeAsync()
    {
        await BackgroundProcess.StopAsync(process, TimeSpan.FromSeconds(5));
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
