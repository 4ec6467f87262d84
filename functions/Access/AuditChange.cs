using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace VpsPilot.Functions.Access;

/// <summary>
/// What a request changed, for the audit log: the properties that differ, before and after. Functions hand in the views that the API shows,
/// which have no secret values.
/// </summary>
/// <param name="Before">Null for something new.</param>
/// <param name="After">Null for something deleted.</param>
internal sealed record AuditChange(JsonObject? Before, JsonObject? After)
{
    private const int MaxPropertyBytes = 4 * 1024;
    private const int MaxProperties = 20;

    private static readonly object Key = new();

    /// <summary>Notes a change; the access check writes it with the entry of the request.</summary>
    public static void Note<T>(HttpRequest request, T? before, T? after, JsonTypeInfo<T> type)
        where T : class
    {
        var (was, now) = (Object(before, type), Object(after, type));
        if (was is not null && now is not null)
        {
            foreach (var name in was.Select(p => p.Key).Where(n => JsonNode.DeepEquals(was[n], now[n])).ToList())
            {
                was.Remove(name);
                now.Remove(name);
            }
        }

        request.HttpContext.Items[Key] = new AuditChange(Bounded(was), Bounded(now));
    }

    /// <summary>The change of a request; null when it noted none.</summary>
    public static AuditChange? Of(HttpContext http) => http.Items.TryGetValue(Key, out var change) ? (AuditChange)change! : null;

    private static JsonObject? Object<T>(T? value, JsonTypeInfo<T> type)
        where T : class => value is null ? null : JsonSerializer.SerializeToNode(value, type)!.AsObject();

    /// <summary>An entry has to fit into one document.</summary>
    private static JsonObject? Bounded(JsonObject? value) => value is null ? null : new(value.Where(p => p.Value is not null).Take(MaxProperties).Select(p =>
        Encoding.UTF8.GetByteCount(p.Value!.ToJsonString()) is var bytes && bytes > MaxPropertyBytes ? new(p.Key, $"({bytes} bytes)") : new KeyValuePair<string, JsonNode?>(p.Key, p.Value.DeepClone())));
}
