using System.Text.Json.Serialization;
using VpsPilot.Functions.Deployments.Events;
using VpsPilot.Functions.Deployments.Lanes;

namespace VpsPilot.Functions.Deployments;

/// <summary>Source-generated JSON of deployments.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Deployment))]
[JsonSerializable(typeof(DeploymentNode))]
[JsonSerializable(typeof(DeploymentStep))]
[JsonSerializable(typeof(DeploymentReference))]
[JsonSerializable(typeof(Lane))]
[JsonSerializable(typeof(Release))]
[JsonSerializable(typeof(AlertRow))]
internal sealed partial class DeploymentsJson : JsonSerializerContext;
