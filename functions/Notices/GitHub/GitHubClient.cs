using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Notices.Senders;

namespace VpsPilot.Functions.Notices.GitHub;

/// <summary>Calls GitHub's REST API below one repository.</summary>
internal sealed class GitHubClient(NoticeHttp http, ControlPlaneOptions options)
{
    private const string ApiVersion = "2022-11-28";

    public async Task<(SendOutcome Outcome, byte[] Body)> PostAsync<T>(GitHubRepository repository, string path, string token, T body, JsonTypeInfo<T> type, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Post, repository, path, token);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return await http.SendAsync(request, ct);
    }

    public async Task<(SendOutcome Outcome, byte[] Body)> GetAsync(GitHubRepository repository, string path, string token, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Get, repository, path, token);
        return await http.SendAsync(request, ct);
    }

    private HttpRequestMessage Request(HttpMethod method, GitHubRepository repository, string path, string token)
    {
        var request = new HttpRequestMessage(method, new Uri($"{options.GitHubApiUrl.ToString().TrimEnd('/')}/repos/{repository.Owner}/{repository.Name}/{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("application/vnd.github+json");
        request.Headers.Add("X-GitHub-Api-Version", ApiVersion);
        return request;
    }
}
