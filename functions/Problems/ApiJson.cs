using System.Text.Json.Serialization;

namespace VpsPilot.Functions.Problems;

/// <summary>Source-generated JSON of answers that every part of the API gives.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemDocument))]
internal sealed partial class ApiJson : JsonSerializerContext;
