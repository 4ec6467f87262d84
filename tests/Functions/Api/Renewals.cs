using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Enrollment;

namespace VpsPilot.Functions.Tests.Api;

/// <summary>Trades keys for credentials as agents do.</summary>
internal static class Renewals
{
    /// <summary>The credentials for the new keys.</summary>
    public static async Task<EnrollResponse> RenewAsync(this HttpClient http, string node, TestNode signer, TestNode keys, string commandId)
    {
        using var response = await http.PostRenewalAsync(node, signer, keys, commandId);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        var box = (await response.Content.ReadFromJsonAsync(ContractsJson.Default.SealedBox))!;
        return JsonSerializer.Deserialize(box.Open(keys.SealingKey, RenewRequest.ContextOf(commandId)), ContractsJson.Default.EnrollResponse)!;
    }

    public static Task<HttpResponseMessage> PostRenewalAsync(this HttpClient http, string node, TestNode signer, TestNode keys, string commandId, DateTimeOffset? at = null)
    {
        var made = keys.Request("");
        var request = new RenewRequest { NodeId = node, CommandId = commandId, SigningKey = made.SigningKey, SealingKey = made.SealingKey, IssuedAt = at ?? DateTimeOffset.UtcNow };
        var signed = SignedMessage.Sign(JsonSerializer.Serialize(request, ContractsJson.Default.RenewRequest), node, signer.SigningKey);
        return http.PostAsync("api/agent/renew", JsonContent.Create(signed, ContractsJson.Default.SignedMessage));
    }
}
