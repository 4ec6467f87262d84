using System.Text.Json.Serialization;

namespace VpsPilot.Contracts.Config;

/// <summary>Source-generated JSON of <c>config.vpspilot.json</c>: snake_case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProjectConfig))]
public sealed partial class ConfigJson : JsonSerializerContext;
