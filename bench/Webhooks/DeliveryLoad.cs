using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VpsPilot.Bench.Webhooks;

/// <summary>Sends signed pushes of about 7 KB over a fixed number of connections, as fast as they are answered. Every tenth is an earlier one again.</summary>
internal sealed class DeliveryLoad(Uri url, string secret, int connections) : IDisposable
{
    private readonly byte[] key = Encoding.UTF8.GetBytes(secret);
    private readonly HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = connections });
    private readonly string filler = string.Join(",", Enumerable.Range(0, 60).Select(i => $$"""{"id":"{{new string('a', 40)}}","message":"commit number {{i}} of a push","added":[]}"""));
    private int number;
    private int unique;

    /// <summary>Different deliveries so far.</summary>
    public int Unique => unique;

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

    private async Task DeliverAsync()
    {
        var next = Interlocked.Increment(ref number);
        // One that was answered before: more than the connections can have on their way lie between.
        var sent = next % 10 == 0 && next > 100 ? next - 95 : next;
        if (sent == next)
        {
            Interlocked.Increment(ref unique);
        }

        var commit = sent.ToString("x40", CultureInfo.InvariantCulture);
        var body = Encoding.UTF8.GetBytes($$"""{"ref":"refs/heads/main","after":"{{commit}}","deleted":false,"repository":{"full_name":"bench/app"},"pusher":{"name":"bench"},"head_commit":{"id":"{{commit}}","message":"a push"},"commits":[{{filler}}]}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-GitHub-Event", "push");
        request.Headers.Add("X-GitHub-Delivery", $"00000000-0000-0000-0000-{sent:x12}");
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(key, body)));
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
