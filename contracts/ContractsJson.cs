using System.Text.Json.Serialization;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Contracts;

/// <summary>Source-generated JSON of everything that crosses the wire: camelCase, nulls left out, unknown members ignored.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(CommandEnvelope))]
[JsonSerializable(typeof(EventEnvelope))]
[JsonSerializable(typeof(SignedMessage))]
[JsonSerializable(typeof(SealedBox))]
[JsonSerializable(typeof(EnrollRequest))]
[JsonSerializable(typeof(EnrollResponse))]
[JsonSerializable(typeof(RenewRequest))]
[JsonSerializable(typeof(QueueCredential))]
[JsonSerializable(typeof(Failure))]
[JsonSerializable(typeof(DeploymentConfig))]
[JsonSerializable(typeof(Dictionary<string, string>))]
public sealed partial class ContractsJson : JsonSerializerContext;
