using System.Text.Json.Nodes;

namespace VpsPilot.Functions.Tests.Streams;

/// <summary>Reads server-sent events from a real response.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage response;
    private readonly StreamReader reader;

    private EventReader(HttpResponseMessage response, StreamReader reader) => (this.response, this.reader) = (response, reader);

    public static async Task<EventReader> OpenAsync(HttpClient client, string path, string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Limit);
        answer.EnsureSuccessStatusCode();
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event; null at the end of the stream.</summary>
    public async Task<ServerEvent?> NextAsync()
    {
        string? id = null;
        string? name = null;
        string? data = null;
        while (await reader.ReadLineAsync().WaitAsync(Limit) is { } line)
        {
            if (line.Length == 0 && name is not null)
            {
                return new(id, name, JsonNode.Parse(data!)!);
            }

            var value = line[(line.IndexOf(':') + 1)..].TrimStart();
            (id, name, data) = line.Split(':')[0] switch
            {
                "id" => (value, name, data),
                "event" => (id, value, data),
                "data" => (id, name, value),
                _ => (id, name, data),
            };
        }

        return null;
    }

    /// <summary>Everything up to the first event that is looked for.</summary>
    public async Task<List<ServerEvent>> UntilAsync(Func<ServerEvent, bool> isIt)
    {
        var all = new List<ServerEvent>();
        while (await NextAsync() is { } next)
        {
            all.Add(next);
            if (isIt(next))
            {
                return all;
            }
        }

        throw new InvalidOperationException($"The stream ended after {string.Join(", ", all.Select(e => e.Name))}.");
    }

    public ValueTask DisposeAsync()
    {
        reader.Dispose();
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}

internal sealed record ServerEvent(string? Id, string Name, JsonNode Data);
