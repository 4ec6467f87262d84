using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace VpsPilot.Functions.Notices.Senders;

/// <summary>Body of an incoming webhook of Slack.</summary>
/// <remarks>Source: Slack documentation, "Sending messages using incoming webhooks" and "Formatting text" (what is escaped).</remarks>
internal sealed record SlackMessage(string Text);

/// <summary>Body of a webhook of Discord.</summary>
/// <remarks>Source: Discord documentation, "Execute Webhook" (2,000 characters) and "Allowed Mentions".</remarks>
internal sealed record DiscordMessage(string Content, [property: JsonPropertyName("allowed_mentions")] DiscordMentions AllowedMentions);

/// <summary>Whom a message may call; nobody.</summary>
internal sealed record DiscordMentions(IReadOnlyList<string> Parse);

/// <summary>Notices as chat services take them. What comes from commits and programs can neither format nor call anybody.</summary>
internal static class ChatMessages
{
    private const int MaxDiscord = 2000;
    private const int MaxSlack = 4000;

    public static HttpRequestMessage Slack(Uri url, Notice notice)
    {
        var lines = $"*{Escape(notice.Title)}*\n{Escape(notice.Text)}";
        var text = Cut(lines, MaxSlack) + (notice.Url is { } more ? $"\n<{more}>" : "");
        return Post(url, new SlackMessage(text), NoticesJson.Default.SlackMessage);
    }

    public static HttpRequestMessage Discord(Uri url, Notice notice)
    {
        var more = notice.Url is { } link ? $"\n<{link}>" : "";
        return Post(url, new DiscordMessage(Cut($"**{notice.Title}**\n{notice.Text}", MaxDiscord - more.Length) + more, new([])), NoticesJson.Default.DiscordMessage);
    }

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    private static HttpRequestMessage Post<T>(Uri url, T body, JsonTypeInfo<T> type) => new(HttpMethod.Post, url)
    {
        Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };
}
