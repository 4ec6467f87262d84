using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace VpsPilot.Functions.Problems;

/// <summary>Reads request bodies with a limit.</summary>
internal static class RequestBody
{
    private const int JsonLimit = 1024 * 1024;

    /// <summary>The body as <typeparamref name="T"/>, or the problem to answer.</summary>
    public static async Task<(T? Value, IActionResult? Problem)> ReadJsonAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class
    {
        if (await ReadAsync(request, JsonLimit, ct) is not { } body)
        {
            return (null, TooLarge(JsonLimit));
        }

        try
        {
            return JsonSerializer.Deserialize(body.Length == 0 ? "{}"u8 : body, type) is { } value
                ? (value, null)
                : (null, Answers.Invalid([new("$", "must be an object, not null.")]));
        }
        catch (JsonException e)
        {
            return (null, Answers.Invalid([new(string.IsNullOrEmpty(e.Path) ? "$" : e.Path, Reason(e), (int?)e.LineNumber + 1)]));
        }
    }

    /// <summary>The bytes of the body; null when there are more than <paramref name="limit"/>.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken ct)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        var buffer = new byte[(int)(request.ContentLength ?? 16 * 1024) + 1];
        var length = 0;
        while (true)
        {
            var read = await request.Body.ReadAsync(buffer.AsMemory(length), ct);
            if (read == 0)
            {
                return buffer[..length];
            }

            length += read;
            if (length > limit)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, limit + 1));
            }
        }
    }

    public static IActionResult TooLarge(int limit) =>
        Answers.Problem(413, "body-too-large", "The body is too large.", $"At most {limit} bytes are accepted.");

    /// <summary>The serializer's message without the path and position that it appends.</summary>
    private static string Reason(JsonException e)
    {
        var end = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }
}
