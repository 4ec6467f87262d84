using System.Security.Cryptography;
using System.Text;

namespace VpsPilot.Dashboard.Tests.Stack;

/// <summary>What GitHub sends as soon as a webhook is saved.</summary>
internal static class SignedPing
{
    public static async Task<HttpResponseMessage> SendAsync(string url, string secret)
    {
        const string Body = """{"zen":"Keep it logically awesome.","hook_id":1}""";
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(Body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-GitHub-Event", "ping");
        request.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(Body))));
        return await http.SendAsync(request);
    }
}
