using System.Diagnostics;
using System.Security.Cryptography;

namespace VpsPilot.Testbed.Stack;

/// <summary>The real control plane, as its own process on the embedded host.</summary>
public sealed class ControlPlane : IAsyncDisposable
{
    private readonly ControlPlaneOptions options;
    private Process? process;

    private ControlPlane(ControlPlaneOptions options) => this.options = options;

    /// <summary>Base address of its HTTP API.</summary>
    public Uri Url => options.Url;

    /// <summary>Process id of the running control plane.</summary>
    public int ProcessId => process!.Id;

    /// <summary>A client that speaks with the admin token of the first start.</summary>
    public ApiClient Api { get; private set; } = null!;

    /// <summary>The admin token of the first start.</summary>
    public string AdminToken { get; private set; } = "";

    /// <summary>Starts it and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It ended, or did not answer within a minute; the message has the end of its log.</exception>
    public static async Task<ControlPlane> StartAsync(ControlPlaneOptions options, CancellationToken ct = default)
    {
        var plane = new ControlPlane(options);
        try
        {
            await plane.StartProcessAsync(ct);
            return plane;
        }
        catch
        {
            await plane.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the process at once (SIGKILL) and starts it again on the same data.</summary>
    public async Task RestartAsync(CancellationToken ct = default)
    {
        Kill();
        await StartProcessAsync(ct);
    }

    /// <summary>Ends the process at once (SIGKILL).</summary>
    public void Kill()
    {
        process?.Kill();
        process?.WaitForExit();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (process is null)
        {
            return;
        }

        await BackgroundProcess.StopAsync(process, TimeSpan.FromSeconds(20));
        process.Dispose();
        Api?.Dispose();
    }

    private async Task StartProcessAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(options.DataDirectory);
        process = BackgroundProcess.Start(options.LogFile, ["dotnet", Path.Combine(options.ProgramDirectory, "VpsPilot.Functions.dll"), .. options.Arguments()], options.DataDirectory);
        await WaitUntilReadyAsync(ct);
        AdminToken = (await File.ReadAllTextAsync(Path.Combine(options.DataDirectory, "admin-token"), ct)).Trim();
        Api = new ApiClient(options.CreateClient(TimeSpan.FromSeconds(30)), AdminToken);
    }

    private async Task WaitUntilReadyAsync(CancellationToken ct)
    {
        HttpClient? http = null;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromMinutes(1) && !process!.HasExited)
        {
            try
            {
                http ??= options.CreateClient(TimeSpan.FromSeconds(2));
                if ((await http.GetAsync("api/health", ct)).IsSuccessStatusCode)
                {
                    http.Dispose();
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or CryptographicException || (e is TaskCanceledException && !ct.IsCancellationRequested))
            {
                // Not up yet.
            }

            await Task.Delay(100, ct);
        }

        throw new InvalidOperationException($"The control plane did not start. End of {options.LogFile}:\n{string.Join('\n', File.ReadLines(options.LogFile).TakeLast(30))}");
    }
}
