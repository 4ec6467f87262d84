using System.Text.Json.Serialization;
using VpsPilot.Functions.Operations.Api;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Operations;

/// <summary>Source-generated JSON of operations.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(OperationNode))]
[JsonSerializable(typeof(OperationReference))]
[JsonSerializable(typeof(OperationView))]
[JsonSerializable(typeof(StoppedProject))]
[JsonSerializable(typeof(NodeBackups))]
[JsonSerializable(typeof(Page<BackupView>))]
[JsonSerializable(typeof(RestartRequest))]
[JsonSerializable(typeof(RunRequest))]
[JsonSerializable(typeof(UpdateRequest))]
internal sealed partial class OperationsJson : JsonSerializerContext;
