using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VpsPilot.Cli.Api;

/// <summary>A page of a list, its items not read yet.</summary>
internal sealed record Page(IReadOnlyList<JsonElement> Items, string? NextCursor);

/// <summary>An answer, or a body, of which nothing is of interest.</summary>
internal sealed record Nothing;

/// <summary>Source-generated JSON of what goes to the API and comes from it. What is not known is passed over, so that an older program speaks to a newer control plane.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(Page))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(WhoAmI))]
[JsonSerializable(typeof(NodeView))]
[JsonSerializable(typeof(NewNode))]
[JsonSerializable(typeof(CreatedNode))]
[JsonSerializable(typeof(ProjectView))]
[JsonSerializable(typeof(NewProject))]
[JsonSerializable(typeof(SecretView))]
[JsonSerializable(typeof(SecretValue))]
[JsonSerializable(typeof(SetSecret))]
[JsonSerializable(typeof(OperationView))]
[JsonSerializable(typeof(RestartWish))]
[JsonSerializable(typeof(RunWish))]
[JsonSerializable(typeof(DeploymentView))]
[JsonSerializable(typeof(DeploymentNodeView))]
[JsonSerializable(typeof(StepView))]
[JsonSerializable(typeof(NewDeployment))]
[JsonSerializable(typeof(ReleaseView))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(TokenView))]
[JsonSerializable(typeof(NewToken))]
[JsonSerializable(typeof(CreatedToken))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(NewExport))]
[JsonSerializable(typeof(Imported))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(AskedNodes))]
[JsonSerializable(typeof(NewEventsKey))]
[JsonSerializable(typeof(EventsKeyView))]
[JsonSerializable(typeof(RotatedKey))]
internal sealed partial class ApiJson : JsonSerializerContext;
