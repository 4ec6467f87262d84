using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace VpsPilot.Bench.Webhooks;

/// <summary>Sends signed pushes of about 7 KB over a fixed number of connections, as fast as they are answered.</summary>
internal sealed class DeliveryLoad(Uri url, string secret, int connections) : IDisposable
{
    private readonly byte[] key = Encoding.UTF8.GetBytes(secret);
    private readonly HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = connections });
    private readonly string filler = string.Join(",", Enumerable.Range(0, 60).Select(i => $$"""{"id":"{{new string('a', 40)}}","message":"commit number {{i}} of a push","added":[]}"""));
    private int number;

    /// <summary>The commit of the delivery that was made last.</summary>
    public string LastCommit => CommitOf(number);

    public async Task<(double Rate, TimeSpan P99)> RunAsync(int deliveries)
    {
        var times = new TimeSpan[deliveries];
        var next = -1;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < deliveries; i = Interlocked.Increment(ref next))
            {
                var began = clock.Elapsed;
                await DeliverAsync();
                times[i] = clock.Elapsed - began;
            }
        }));
        var rate = deliveries / clock.Elapsed.TotalSeconds;
        Array.Sort(times);
        return (rate, times[(int)(deliveries * 0.99)]);
    }

    public void Dispose() => http.Dispose();

    private static string CommitOf(int number) => number.ToString("x40", System.Globalization.CultureInfo.InvariantCulture);

    private async Task DeliverAsync()
    {
        var commit = CommitOf(Interlocked.Increment(ref number));
        var body = Encoding.UTF8.GetBytes($$"""{"ref":"refs/heads/main","after":"{{commit}}","deleted":false,"repository":{"full_name":"bench/app"},"pusher":{"name":"bench"},"head_commit":{"id":"{{commit}}","message":"a push"},"commits":[{{filler}}]}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-GitHub-Event", "push");
        request.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(key, body)));
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
