using System.Text.Json.Serialization;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Secrets;

/// <summary>Source-generated JSON of secrets.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredSecret))]
[JsonSerializable(typeof(SetSecretRequest))]
[JsonSerializable(typeof(Page<SecretView>))]
internal sealed partial class SecretsJson : JsonSerializerContext;
