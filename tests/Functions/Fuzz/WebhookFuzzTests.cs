using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using VpsPilot.Functions.Tests.Api;
using VpsPilot.Testing;

namespace VpsPilot.Functions.Tests.Fuzz;

/// <summary>Webhooks over real HTTP: whatever comes in, an answer goes out that is no fault of the server.</summary>
public sealed class WebhookFuzzTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Push = """
        {"ref":"refs/heads/main","before":"0000000000000000000000000000000000000000","after":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","created":false,"deleted":false,"forced":false,
         "repository":{"id":1,"name":"app","full_name":"demo/app"},"pusher":{"name":"ann"},"head_commit":{"id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","message":"Change\n\nmore"},"commits":[]}
        """;

    [Fact]
    public async Task Bodies_and_headers_of_any_shape_are_answered()
    {
        await using var agent = await server.AgentAsync("fuzz-1");
        agent.Answer = _ => null;
        var project = await server.ProjectAsync("fuzz-shop", "fuzz-1");
        var secret = Encoding.UTF8.GetBytes((string)project["webhookSecret"]!);
        var url = new Uri((string)project["webhookUrl"]!);

        // Signed bodies go all the way in; a push to another branch, so that nothing is deployed by those that stay right.
        var bodies = Fuzzing.Near(Push.Replace("heads/main", "heads/other", StringComparison.Ordinal), """{"zen":"x","hook_id":1}""", "payload=%7B%7D");
        var headers = Fuzzing.Near("push", "ping", "sha256=" + new string('0', 64), "72d3162e-cc78-11e3-81ab-4c9367dc0958", "application/x-www-form-urlencoded");
        Fuzzing.Feed("webhook", Gen.Select(bodies, headers, Gen.Int[0, 5]), input =>
        {
            var (body, header, place) = input;
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            var given = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["X-GitHub-Event"] = "push",
                ["X-GitHub-Delivery"] = Guid.NewGuid().ToString(),
                ["X-Hub-Signature-256"] = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(secret, body)),
            };
            if (place < 3)
            {
                given[given.Keys.ElementAt(place)] = new string([.. Encoding.Latin1.GetString(header).Where(c => c is >= ' ' and < '\u007f')]);
            }

            foreach (var (name, value) in given)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = server.Anonymous.Send(request);
            ((int)response.StatusCode).ShouldBeLessThan(500, Convert.ToBase64String(body));
        }, Fuzzing.Inputs(isSlow: true));
    }
}
