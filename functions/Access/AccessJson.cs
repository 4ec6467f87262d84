using System.Text.Json.Serialization;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Access;

/// <summary>Source-generated JSON of tokens and audit entries.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AccessToken))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(CreateTokenRequest))]
[JsonSerializable(typeof(CreatedToken))]
[JsonSerializable(typeof(TokenUse))]
[JsonSerializable(typeof(TokenView))]
[JsonSerializable(typeof(Page<TokenView>))]
[JsonSerializable(typeof(Page<AuditEntry>))]
internal sealed partial class AccessJson : JsonSerializerContext;
