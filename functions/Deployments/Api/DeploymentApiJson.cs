using System.Text.Json.Serialization;
using VpsPilot.Functions.Deployments.Events;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Deployments.Api;

/// <summary>Source-generated JSON of the deployment API; nulls are written, so that every field is there to be read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeploymentView))]
[JsonSerializable(typeof(Page<DeploymentView>))]
[JsonSerializable(typeof(Page<ReleaseView>))]
[JsonSerializable(typeof(Page<AlertRow>))]
[JsonSerializable(typeof(StartDeploymentRequest))]
[JsonSerializable(typeof(RollBackRequest))]
[JsonSerializable(typeof(LogOffset))]
internal sealed partial class DeploymentApiJson : JsonSerializerContext;
