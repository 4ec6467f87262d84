using System.Text.Json.Serialization;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Projects;

/// <summary>Source-generated JSON of projects.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Project))]
[JsonSerializable(typeof(ProjectRequest))]
[JsonSerializable(typeof(ProjectView))]
[JsonSerializable(typeof(RotateSecretRequest))]
[JsonSerializable(typeof(RotatedSecret))]
[JsonSerializable(typeof(Page<ProjectView>))]
internal sealed partial class ProjectsJson : JsonSerializerContext;
