using System.Text.Json.Serialization;

namespace VpsPilot.Functions.Streams;

/// <summary>Source-generated JSON of changes and events.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Change))]
[JsonSerializable(typeof(DateTimeOffset))]
[JsonSerializable(typeof(NodeEvent))]
[JsonSerializable(typeof(StepEvent))]
internal sealed partial class StreamsJson : JsonSerializerContext;
