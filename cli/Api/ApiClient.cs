using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;
using VpsPilot.Cli.Servers;

namespace VpsPilot.Cli.Api;

/// <summary>The HTTP API of a control plane.</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    private readonly HttpClient http;

    public ApiClient(Server server)
    {
        Server = server;
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), AllowAutoRedirect = false };
        if (server.CertificateAuthority is { } authority)
        {
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(authority));
            handler.SslOptions.CertificateChainPolicy = trust;
        }

        // Each request has its own limit; a stream has none.
        http = new HttpClient(handler) { BaseAddress = new Uri(server.Url + "/"), Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
    }

    public Server Server { get; }

    public Task<Answer<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class => SendAsync(HttpMethod.Get, path, null, type, ct);

    /// <summary>A list: all pages, or only the first <paramref name="limit"/> items.</summary>
    public async Task<Answer<List<T>>> ListAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct, int? limit = null)
        where T : class
    {
        var (items, json) = (new List<T>(), new List<string>());
        string? cursor = null;
        do
        {
            var query = $"{(path.Contains('?') ? '&' : '?')}limit={limit ?? 200}{(cursor is null ? "" : "&cursor=" + cursor)}";
            var page = await GetAsync(path + query, ApiJson.Default.Page, ct);
            if (page.Value is not { } found)
            {
                return page.Complaint!;
            }

            items.AddRange(found.Items.Select(i => i.Deserialize(type)!));
            json.AddRange(found.Items.Select(i => i.GetRawText()));
            cursor = limit is null ? found.NextCursor : null;
        }
        while (cursor is not null);
        return new Answer<List<T>>(items, null) { Json = $$"""{"items":[{{string.Join(',', json)}}]}""" };
    }

    public Task<Answer<TAnswer>> PostAsync<TBody, TAnswer>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> type, CancellationToken ct)
        where TAnswer : class => SendAsync(HttpMethod.Post, path, JsonSerializer.Serialize(body, bodyType), type, ct);

    /// <summary>A request without a body.</summary>
    public Task<Answer<TAnswer>> PostAsync<TAnswer>(string path, JsonTypeInfo<TAnswer> type, CancellationToken ct)
        where TAnswer : class => SendAsync(HttpMethod.Post, path, null, type, ct);

    public Task<Answer<TAnswer>> PutAsync<TBody, TAnswer>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> type, CancellationToken ct)
        where TAnswer : class => SendAsync(HttpMethod.Put, path, JsonSerializer.Serialize(body, bodyType), type, ct);

    public Task<Answer<Nothing>> DeleteAsync(string path, CancellationToken ct) => SendAsync(HttpMethod.Delete, path, null, ApiJson.Default.Nothing, ct);

    /// <summary>A response that is read while it comes.</summary>
    public Task<Answer<StreamedResponse>> StreamAsync(string path, string? lastEventId, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return StreamAsync(request, ct);
    }

    /// <summary>An answer that is a file. It takes as long as it takes.</summary>
    public Task<Answer<StreamedResponse>> DownloadAsync<TBody>(string path, TBody body, JsonTypeInfo<TBody> type, CancellationToken ct) =>
        StreamAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(JsonSerializer.Serialize(body, type), Encoding.UTF8, "application/json") }, ct);

    /// <summary>Sends a file, with one header beside it. It takes as long as it takes, and is not tried again.</summary>
    public async Task<Answer<T>> UploadAsync<T>(string path, Stream file, (string Name, string Value) header, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StreamContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } } };
        request.Headers.Add(header.Name, header.Value);
        var answer = await StreamAsync(request, ct);
        if (answer.Value is not { } response)
        {
            return answer.Complaint!;
        }

        using (response)
        {
            return await GuardAsync<T>(async () =>
            {
                using var reader = new StreamReader(await response.BodyAsync(ct));
                var text = await reader.ReadToEndAsync(ct);
                return new Answer<T>(JsonSerializer.Deserialize(text, type)!, null) { Json = text };
            }, ct);
        }
    }

    public void Dispose() => http.Dispose();

    private Task<Answer<StreamedResponse>> StreamAsync(HttpRequestMessage request, CancellationToken ct) => GuardAsync<StreamedResponse>(async () =>
    {
        using var sent = request;
        var response = await http.SendAsync(sent, HttpCompletionOption.ResponseHeadersRead, ct);
        if (response.IsSuccessStatusCode)
        {
            return new StreamedResponse(response);
        }

        using (response)
        {
            return ComplaintOf(response, await response.Content.ReadAsStringAsync(ct));
        }
    }, ct);

    private async Task<Answer<T>> SendAsync<T>(HttpMethod method, string path, string? body, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class
    {
        // With one key for both tries, a request whose answer got lost on the way has one effect.
        var key = Guid.NewGuid().ToString("N");
        var first = await GuardAsync(() => SendOnceAsync(method, path, body, key, type, ct), ct);
        return first.Complaint is { Code: "connection-lost" } ? await GuardAsync(() => SendOnceAsync(method, path, body, key, type, ct), ct) : first;
    }

    private async Task<Answer<T>> SendOnceAsync<T>(HttpMethod method, string path, string? body, string key, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(AnswerLimit);
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        if (method == HttpMethod.Post)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await http.SendAsync(request, limit.Token);
        var text = await response.Content.ReadAsStringAsync(limit.Token);
        if (!response.IsSuccessStatusCode)
        {
            return ComplaintOf(response, text);
        }

        text = text.Length == 0 ? "{}" : text;
        return new Answer<T>(JsonSerializer.Deserialize(text, type)!, null) { Json = text };
    }

    /// <summary>Makes complaints of broken transports, and of answers that no control plane gives.</summary>
    private async Task<Answer<T>> GuardAsync<T>(Func<Task<Answer<T>>> send, CancellationToken ct)
        where T : class
    {
        try
        {
            return await send();
        }
        catch (Exception e) when (Broken.Complaint(e, Server, ct) is { } complaint)
        {
            return complaint;
        }
    }

    private Complaint ComplaintOf(HttpResponseMessage response, string text)
    {
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            return JsonSerializer.Deserialize(text, ApiJson.Default.ProblemDocument)!.ToComplaint(response.StatusCode);
        }

        return new Complaint(ExitCode.Unreachable, "http-" + (int)response.StatusCode, $"{Server.Url} answered {(int)response.StatusCode} {response.ReasonPhrase}, as no control plane does.")
        {
            Hint = "Check the address with: vpspilot whoami",
        };
    }
}
