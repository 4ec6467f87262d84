using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Hosting;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Enrollment;

/// <summary>
/// Makes new key pairs, trades them for new credentials, and restarts the agent with them. A stop at any point is mended by the command, which has
/// no answer yet: the key that is on disk is one that the control plane knows, so the trade is made again.
/// </summary>
internal sealed class KeyRenewer(AgentPaths paths, Identity identity, AgentKeys keys, HttpClient http, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private const string Step = "rotate-keys";

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var commandId = context.Command.CommandId;
        if (identity.RenewedBy == commandId)
            return new() { Outcome = CommandOutcome.Succeeded };
        using var next = AgentKeys.Create();
        var (answer, failure) = await TradeAsync(commandId, next, cancellationToken);
        if (answer is null)
            return new() { Outcome = CommandOutcome.Failed, Failure = failure };

        next.Replace(paths);
        (identity with { Enrollment = answer, RenewedBy = commandId, EarlierCommandKey = identity.Enrollment.CommandKey, RenewedAt = time.GetUtcNow() }).Save(paths);

        // The queues and the tokens of this process are worth nothing now. The next one answers.
        lifetime.StopApplication();
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        throw new OperationCanceledException(cancellationToken);
    }

    private async Task<(EnrollResponse? Answer, Failure? Failure)> TradeAsync(string commandId, AgentKeys next, CancellationToken cancellationToken)
    {
        var request = new RenewRequest { NodeId = identity.NodeId, CommandId = commandId, SigningKey = next.SigningKey, SealingKey = next.SealingKey, IssuedAt = time.GetUtcNow() };
        var signed = keys.Sign(JsonSerializer.Serialize(request, ContractsJson.Default.RenewRequest), identity.NodeId);
        try
        {
            using var content = new ByteArrayContent(signed.ToBytes());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await http.PostAsync(new Uri(identity.ControlPlane, "api/agent/renew"), content, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
                return (null, Failed($"The control plane refused with {(int)response.StatusCode}."));
            var box = JsonSerializer.Deserialize(body, ContractsJson.Default.SealedBox);
            return (JsonSerializer.Deserialize(next.Open(box!, RenewRequest.ContextOf(commandId)), ContractsJson.Default.EnrollResponse) ?? throw new JsonException("it is empty"), null);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or CryptographicException or FormatException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (null, Failed($"The control plane did not give new credentials: {e.Message}"));
        }
    }

    private static Failure Failed(string message) => new(Step, FailureKind.Exit, message) { Hint = "The earlier keys still hold, unless the answer was lost; ask again with POST /api/nodes/{id}/rotate, or enrol the node anew." };
}
