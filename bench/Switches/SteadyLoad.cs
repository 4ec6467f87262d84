using System.Collections.Concurrent;
using System.Diagnostics;

namespace VpsPilot.Bench.Switches;

/// <summary>
/// So many requests a second, each begun at its time whether or not the ones before have been answered. A request counts as failed when it has
/// no answer of 200 within ten seconds. The time counts from when it should have begun, so that a stall is seen in every request it delays.
/// </summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2), MaxConnectionsPerServer = 512 }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly ConcurrentBag<double> milliseconds = [];
    private readonly CancellationTokenSource end = new();
    private readonly Task sending;
    private int failed;
    private int sent;

    public SteadyLoad(int port, int perSecond) => sending = Task.Factory.StartNew(() => Send(new Uri($"http://127.0.0.1:{port}/"), perSecond), TaskCreationOptions.LongRunning);

    /// <summary>The last answer's body.</summary>
    public string LastAnswer { get; private set; } = "";

    public async Task<LoadResult> StopAsync()
    {
        await end.CancelAsync();
        await sending;
        while (Volatile.Read(ref sent) > milliseconds.Count + Volatile.Read(ref failed))
            await Task.Delay(20);
        return new LoadResult(sent, failed, [.. milliseconds.Order()]);
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await sending;
        http.Dispose();
        end.Dispose();
    }

    private void Send(Uri url, int perSecond)
    {
        var clock = Stopwatch.StartNew();
        while (!end.IsCancellationRequested)
        {
            var due = (int)(clock.Elapsed.TotalSeconds * perSecond);
            for (; sent < due; sent++)
                _ = AskAsync(url, clock, sent * 1000.0 / perSecond);
            Thread.Sleep(2);
        }
    }

    private async Task AskAsync(Uri url, Stopwatch clock, double begun)
    {
        try
        {
            LastAnswer = await http.GetStringAsync(url);
            milliseconds.Add(clock.Elapsed.TotalMilliseconds - begun);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            Interlocked.Increment(ref failed);
        }
    }
}

/// <summary>What a load saw.</summary>
/// <param name="Sent">Requests.</param>
/// <param name="Failed">Those without an answer of 200.</param>
/// <param name="Milliseconds">Times of the answers, ascending.</param>
internal sealed record LoadResult(int Sent, int Failed, IReadOnlyList<double> Milliseconds)
{
    public double Percentile(double percent) => Milliseconds.Count == 0 ? 0 : Milliseconds[(int)Math.Min(Milliseconds.Count - 1, Milliseconds.Count * percent / 100)];
}
