using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Enrollment;

namespace VpsPilot.Agent.Enrollment;

/// <summary>Trades new public keys, signed with the present key, for new credentials that are sealed to the new one.</summary>
internal sealed class CredentialTrade(Identity identity, AgentKeys keys, TimeProvider time)
{
    /// <param name="http">Reaches the control plane.</param>
    /// <param name="controlPlane">Base address of its HTTP API.</param>
    /// <param name="commandId">The command that asked for it.</param>
    /// <param name="next">The new keys.</param>
    /// <param name="cancellationToken">Cancels the trade.</param>
    /// <returns>The credentials, or in one line why there are none.</returns>
    public async Task<(EnrollResponse? Answer, string? Mistake)> MakeAsync(HttpClient http, Uri controlPlane, string commandId, AgentKeys next, CancellationToken cancellationToken)
    {
        var request = new RenewRequest { NodeId = identity.NodeId, CommandId = commandId, SigningKey = next.SigningKey, SealingKey = next.SealingKey, IssuedAt = time.GetUtcNow() };
        var signed = keys.Sign(JsonSerializer.Serialize(request, ContractsJson.Default.RenewRequest), identity.NodeId);
        try
        {
            using var content = new ByteArrayContent(signed.ToBytes());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await http.PostAsync(new Uri(controlPlane, "api/agent/renew"), content, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
                return (null, $"The control plane refused with {(int)response.StatusCode}.");
            var box = JsonSerializer.Deserialize(body, ContractsJson.Default.SealedBox);
            var answer = JsonSerializer.Deserialize(next.Open(box!, RenewRequest.ContextOf(commandId)), ContractsJson.Default.EnrollResponse) ?? throw new JsonException("it is empty");
            return PlainText.IsOpen(answer.QueueEndpoint) && !PlainText.IsOpen(identity.Enrollment.QueueEndpoint)
                ? (null, $"The control plane's queues, {answer.QueueEndpoint}, are not encrypted, and those that the node has are.")
                : (answer, null);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or CryptographicException or FormatException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (null, $"The control plane did not give new credentials: {e.Message}");
        }
    }
}
