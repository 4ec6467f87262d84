using System.Text.Json.Serialization;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Secrets;

/// <summary>Source-generated JSON of secrets.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SecretHead))]
[JsonSerializable(typeof(StoredSecret))]
[JsonSerializable(typeof(SecretUse))]
[JsonSerializable(typeof(SetSecretRequest))]
[JsonSerializable(typeof(SetSecretAnswer))]
[JsonSerializable(typeof(RotatedKey))]
[JsonSerializable(typeof(Page<SecretView>))]
[JsonSerializable(typeof(Page<SecretUse>))]
internal sealed partial class SecretsJson : JsonSerializerContext;
