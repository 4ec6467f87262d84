using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace VpsPilot.Testbed.Stack;

/// <summary>The HTTP API as a user meets it: JSON in, JSON out, an exception with the problem document for anything but success.</summary>
public sealed class ApiClient : IDisposable
{
    private readonly HttpClient http;

    /// <summary>A client with a bearer token.</summary>
    public ApiClient(Uri url, string token)
        : this(new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) }, token)
    {
    }

    /// <summary>Puts a bearer token on a client, and owns it from now on.</summary>
    public ApiClient(HttpClient client, string token)
    {
        http = client;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The client beneath, for requests that are expected to fail.</summary>
    public HttpClient Http => http;

    /// <summary>GET as JSON.</summary>
    public async Task<JsonNode> GetAsync(string path, CancellationToken ct = default) => await ReadAsync(await http.GetAsync(path, ct), ct);

    /// <summary>GET as text.</summary>
    public Task<string> GetTextAsync(string path, CancellationToken ct = default) => http.GetStringAsync(path, ct);

    /// <summary>POST as JSON.</summary>
    public async Task<JsonNode> PostAsync(string path, JsonNode body, CancellationToken ct = default) =>
        await ReadAsync(await http.PostAsJsonAsync(path, body, ct), ct);

    /// <summary>PUT as JSON.</summary>
    public async Task PutAsync(string path, JsonNode body, CancellationToken ct = default) =>
        await ReadAsync(await http.PutAsJsonAsync(path, body, ct), ct);

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(ct);
            if (!response.IsSuccessStatusCode)
            {
                throw new HttpRequestException($"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri} answered {(int)response.StatusCode}: {text}", null, response.StatusCode);
            }

            return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
        }
    }
}
