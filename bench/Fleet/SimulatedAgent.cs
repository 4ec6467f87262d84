using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Contracts.Events;
using VpsPilot.Messaging;

namespace VpsPilot.Bench.Fleet;

/// <summary>
/// An agent without Nix: its own connections, queue, keys and heartbeat; it checks the signature of every command, opens what is sealed,
/// reports the stages that an agent reports, and signs each event. Only the work itself is left out.
/// </summary>
internal sealed class SimulatedAgent : IAsyncDisposable
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly AgentKeys keys;
    private readonly QueueSender sender;
    private readonly ConcurrentDictionary<string, byte> taken = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ServingRelease> serving = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stop = new();
    private readonly Task[] running;

    public SimulatedAgent(AgentKeys keys)
    {
        this.keys = keys;
        sender = new QueueSender(Connection(keys.Identity.Events), NullLogger<QueueSender>.Instance);
        var receiver = new QueueReceiver(Connection(keys.Identity.Commands), NullLogger<QueueReceiver>.Instance);
        running = [receiver.RunAsync(keys.Identity.Commands.Queue, TakeAsync, 1, stop.Token), BeatAsync(stop.Token)];
    }

    public string NodeId => keys.Identity.NodeId;

    /// <summary>The release of a project that serves here; null when none does.</summary>
    public string? ServingOf(string project) => serving.GetValueOrDefault(project)?.ReleaseId;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await sender.DisposeAsync();
        stop.Dispose();
    }

    private QueueConnectionOptions Connection(QueueCredential credential) =>
        new() { Endpoint = new Uri(keys.Identity.QueueEndpoint), KeyName = credential.KeyName, Key = credential.Key };

    private async Task BeatAsync(CancellationToken ct)
    {
        // Spread over the interval, as agents are that were not all started in the same second.
        using var timer = new PeriodicTimer(Heartbeat);
        await SendAsync(null, new Heartbeat { AgentVersion = "0.1.0", Facts = AgentKeys.Facts }, ct);
        await Task.Delay(Random.Shared.NextDouble() * Heartbeat, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!ct.IsCancellationRequested && await timer.WaitForNextTickAsync(ct))
        {
            await SendAsync(null, new Heartbeat { AgentVersion = "0.1.0", Facts = AgentKeys.Facts, Serving = new Dictionary<string, ServingRelease>(serving, StringComparer.Ordinal) }, ct);
        }
    }

    private Task<Settlement> TakeAsync(ReceivedMessage message, CancellationToken ct)
    {
        var signed = SignedMessage.Parse(message.Body.Span);
        if (signed?.IsSignedBy(keys.Identity.CommandKey) != true)
        {
            throw new InvalidOperationException("A command is not signed by the control plane.");
        }

        var command = JsonSerializer.Deserialize(signed.Payload, ContractsJson.Default.CommandEnvelope)!;
        if (taken.TryAdd(command.CommandId, 0))
        {
            _ = Task.Run(() => WorkAsync(command, stop.Token), CancellationToken.None);
        }

        return Task.FromResult(Settlement.Complete);
    }

    private async Task WorkAsync(CommandEnvelope command, CancellationToken ct)
    {
        try
        {
            if (((command.Body as BuildCommand)?.Environment ?? (command.Body as ActivateCommand)?.Environment) is { } environment)
            {
                CryptographicOperations.ZeroMemory(environment.Open(keys.SealingKey, command.CommandId));
            }

            foreach (var stage in Scenario.StagesOf(command))
            {
                await SendAsync(command, new StageProgress { Stage = stage, State = StageState.Started }, ct);
                await SendAsync(command, new StageProgress { Stage = stage, State = StageState.Completed, DurationMilliseconds = 1 }, ct);
            }

            await SendAsync(command, Scenario.AnswerTo(command, serving), ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    private Task SendAsync(CommandEnvelope? command, AgentEvent body, CancellationToken ct)
    {
        var envelope = new EventEnvelope
        {
            EventId = Guid.CreateVersion7().ToString("N"),
            NodeId = NodeId,
            ProjectId = command?.ProjectId,
            DeploymentId = command?.DeploymentId,
            CommandId = command?.CommandId,
            OccurredAt = TimeProvider.System.GetUtcNow(),
            TraceParent = command?.TraceParent,
            Body = body,
        };
        var signed = SignedMessage.Sign(JsonSerializer.Serialize(envelope, ContractsJson.Default.EventEnvelope), NodeId, keys.SigningKey);
        return sender.SendAsync(keys.Identity.Events.Queue, new OutgoingMessage { MessageId = envelope.EventId, Body = signed.ToBytes(), ContentType = "application/json", CanWait = body is Heartbeat }, ct);
    }
}
