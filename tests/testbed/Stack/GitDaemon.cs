using System.Diagnostics;
using System.Net.Sockets;

namespace VpsPilot.Testbed.Stack;

/// <summary>Serves bare repositories read-only over git:// on loopback, so that a node clones over a network as it would elsewhere.</summary>
public sealed class GitDaemon : IAsyncDisposable
{
    private readonly Process process;
    private readonly int port;

    private GitDaemon(Process process, int port)
    {
        this.process = process;
        this.port = port;
    }

    /// <summary>Process id of the daemon.</summary>
    public int ProcessId => process.Id;

    /// <summary>Starts it for all repositories in a folder.</summary>
    public static async Task<GitDaemon> StartAsync(string folder, int port, CancellationToken ct = default)
    {
        string[] command = ["git", "daemon", "--reuseaddr", "--listen=127.0.0.1", $"--port={port}", $"--base-path={folder}", "--export-all", folder];
        var daemon = new GitDaemon(BackgroundProcess.Start(Path.Combine(folder, "git-daemon.log"), command, folder), port);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port, limit.Token);
                return daemon;
            }
            catch (SocketException)
            {
                await Task.Delay(50, limit.Token);
            }
        }
    }

    /// <summary>Clone URL of a repository.</summary>
    public string UrlOf(string name) => $"git://127.0.0.1:{port}/{name}.git";

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await BackgroundProcess.StopAsync(process, TimeSpan.FromSeconds(5));
        process.Dispose();
    }
}
