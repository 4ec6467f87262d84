using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.DurableTask;

namespace VpsPilot.Embedded.DurableTask.Engine.History;

/// <summary>Text of history entries and failures in the database.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(HistoryEntry))]
[JsonSerializable(typeof(TaskFailureDetails))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class HistoryJson : JsonSerializerContext
{
    public static string Write(HistoryEntry entry) => JsonSerializer.Serialize(entry, Default.HistoryEntry);

    public static HistoryEntry ReadEntry(string text) => JsonSerializer.Deserialize(text, Default.HistoryEntry)!;

    public static string? Write(TaskFailureDetails? failure) => failure is null ? null : JsonSerializer.Serialize(failure, Default.TaskFailureDetails);

    public static TaskFailureDetails? ReadFailure(string? text) => text is null ? null : FailureProperties.FromText(JsonSerializer.Deserialize(text, Default.TaskFailureDetails));

    public static string? Write(IReadOnlyDictionary<string, string>? tags) =>
        tags is null or { Count: 0 } ? null : JsonSerializer.Serialize(tags, Default.IReadOnlyDictionaryStringString);

    public static IReadOnlyDictionary<string, string> ReadTags(string? text) =>
        text is null ? new Dictionary<string, string>(StringComparer.Ordinal) : JsonSerializer.Deserialize(text, Default.DictionaryStringString)!;
}
