using System.Collections.Concurrent;

namespace VpsPilot.Agent.Tests.Vps;

/// <summary>Asks a URL all the time, on several connections, and keeps what came.</summary>
internal sealed class SteadyClient : IAsyncDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1), AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(70) };
    private readonly Task[] asking;
    private int answered;
    private int isDisposed;

    public SteadyClient(int port, int connections = 4) => asking = [.. Enumerable.Range(0, connections).Select(_ => AskAsync(new Uri($"http://127.0.0.1:{port}/")))];

    /// <summary>Every request that did not get its answer, with why.</summary>
    public ConcurrentQueue<string> Failed { get; } = new();

    /// <summary>The answers that differ from the one before, on any connection.</summary>
    public ConcurrentQueue<string> Versions { get; } = new();

    public int Answered => answered;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) != 0)
            return;
        await end.CancelAsync();
        await Task.WhenAll(asking);
        http.Dispose();
        end.Dispose();
    }

    private async Task AskAsync(Uri url)
    {
        var last = "";
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var response = await http.GetAsync(url);
                var body = await response.Content.ReadAsStringAsync();
                if (!response.IsSuccessStatusCode)
                    Failed.Enqueue($"{DateTime.UtcNow:HH:mm:ss.fff} {(int)response.StatusCode} {body}");
                else if (body != last)
                    Versions.Enqueue(last = body);
                Interlocked.Increment(ref answered);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                Failed.Enqueue($"{DateTime.UtcNow:HH:mm:ss.fff} {e.Message}");
            }

            await Task.Delay(5);
        }
    }
}
