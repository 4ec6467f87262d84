using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Contracts.Events;
using VpsPilot.Embedded.Broker;

namespace VpsPilot.Agent.Tests;

/// <summary>What an agent sees of a control plane: a real broker with its two queues, signed commands, and the HTTP endpoints for agents.</summary>
internal sealed class ControlPlaneStandIn : IAsyncDisposable
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly ECDsa commandKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private CancellationTokenSource end = new();
    private readonly string address;
    private readonly TempFolder data;
    private IHost host;
    private readonly HttpStub http;
    private readonly ConcurrentDictionary<string, string> logs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TreeShelf> trees = new(StringComparer.Ordinal);
    private Task collecting = Task.CompletedTask;

    private ControlPlaneStandIn(string address)
    {
        (this.address, data) = (address, new TempFolder());
        host = Build(0);
        http = new HttpStub(address != "127.0.0.1", (request, body) => request.Url!.AbsolutePath.Split('/') switch
        {
            [_, "api", "agent", "enroll"] => (200, Encoding.UTF8.GetBytes(Enroll(Encoding.UTF8.GetString(body)))),
            [_, "api", "agent", "renew"] => Renew(body),
            [_, "api", "agent", "deployments", var id, "log"] when LogsKept.Contains(id) => (200, Encoding.UTF8.GetBytes($$"""{"offset":{{Append(id, Encoding.UTF8.GetString(body))}}}""")),
            [_, "api", "agent", "deployments", _, "trees", var sha256] => trees.GetOrAdd(sha256, _ => new TreeShelf()).Answer(request, body),
            _ => (404, []),
        });
    }

    /// <summary>Deployments whose log is taken; ASCII only, as it counts characters. Others are told that there is no such deployment.</summary>
    public ConcurrentBag<string> LogsKept { get; } = [];

    /// <summary>Files to answer with, by path.</summary>
    public ConcurrentDictionary<string, string> Files => http.Files;

    public ConcurrentQueue<EventEnvelope> Events { get; } = new();

    /// <summary>The address at which agents reach it; null: loopback.</summary>
    public string? SeenAs { get; set; }

    /// <summary>Changes what a renewal answers; null refuses it.</summary>
    public Func<EnrollResponse, EnrollResponse?> OnRenewal { get; set; } = answer => answer;

    /// <summary>Public key that commands are signed with.</summary>
    public string CommandKey => Enrollment.CommandKey;

    /// <summary>Called with each event as it comes.</summary>
    public Action<EventEnvelope>? OnEvent { get; set; }

    public IBroker Broker => host.Services.GetRequiredService<IBroker>();

    public Uri Url => new UriBuilder(http.Url) { Host = SeenAs ?? "127.0.0.1" }.Uri;

    /// <summary>Public key that the agent signs with; from enrolment, or set.</summary>
    public string AgentKey { get; set; } = "";

    /// <summary>Public key that values for the agent are sealed to; from enrolment.</summary>
    public string SealingKey { get; private set; } = "";

    public EnrollResponse Enrollment => new()
    {
        NodeId = "n1",
        QueueEndpoint = new UriBuilder(Broker.AmqpEndpoint) { Host = SeenAs ?? "127.0.0.1" }.Uri.ToString(),
        Commands = new QueueCredential("node-n1", "node-n1", "listen-key"),
        Events = new QueueCredential("agent-events", "node-n1", "send-key"),
        CommandKey = Convert.ToBase64String(commandKey.ExportSubjectPublicKeyInfo()),
        AgentToken = "agent-token-1",
    };

    /// <summary>Starts it, on loopback or on all addresses.</summary>
    public static async Task<ControlPlaneStandIn> StartAsync(bool onAllAddresses = false)
    {
        var plane = new ControlPlaneStandIn(onAllAddresses ? "0.0.0.0" : "127.0.0.1");
        await plane.host.StartAsync();
        await plane.Broker.CreateQueueAsync("node-n1", new QueueSettings { Rules = [new QueueRule("node-n1", "listen-key", "unused", AccessRights.Listen)] });
        await plane.Broker.CreateQueueAsync("agent-events", new QueueSettings { Rules = [new QueueRule("node-n1", "send-key", "unused", AccessRights.Send)] });
        plane.collecting = plane.CollectAsync();
        return plane;
    }

    /// <summary>Takes queues and API away while something happens, and brings them back with what they held.</summary>
    public async Task AwayWhileAsync(Func<Task> meanwhile)
    {
        var port = Broker.AmqpEndpoint.Port;
        await end.CancelAsync();
        await collecting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await host.StopAsync();
        host.Dispose();
        await meanwhile();
        end = new CancellationTokenSource();
        host = Build(port);
        await host.StartAsync();
        collecting = CollectAsync();
    }

    public static CommandEnvelope Command(string id, Command body, string project = "p1") => new()
    {
        CommandId = id,
        NodeId = "n1",
        ProjectId = project,
        DeploymentId = id.Split('.')[0],
        IssuedAt = DateTimeOffset.UtcNow,
        ExpiresAt = DateTimeOffset.UtcNow.AddHours(1),
        Body = body,
    };

    public Task<long?> SendAsync(CommandEnvelope command, ECDsa? signer = null) => Broker.SendAsync("node-n1", new BrokerMessage
    {
        MessageId = Guid.NewGuid().ToString("N"),
        Body = SignedMessage.Sign(JsonSerializer.Serialize(command, ContractsJson.Default.CommandEnvelope), SignedMessage.ControlPlane, signer ?? commandKey).ToBytes(),
    });

    /// <summary>Sends a command and waits for its answer.</summary>
    public async Task<CommandResult> DoAsync(CommandEnvelope command)
    {
        await SendAsync(command);
        return await ResultAsync(command.CommandId);
    }

    public async Task<CommandResult> ResultAsync(string commandId, int nth = 1)
    {
        await UntilAsync(() => Results(commandId).Count() >= nth, $"answer {nth} to {commandId}");
        return (CommandResult)Results(commandId).ElementAt(nth - 1).Body;
    }

    /// <summary>What was uploaded of a log so far.</summary>
    public string Log(string deployment) => logs.GetValueOrDefault(deployment, "");

    public IEnumerable<EventEnvelope> Results(string commandId) => Events.Where(e => e.CommandId == commandId && e.Body is CommandResult);

    public IEnumerable<StageProgress> Progress(string commandId) => Events.Where(e => e.CommandId == commandId).Select(e => e.Body).OfType<StageProgress>();

    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > Soon)
                throw new TimeoutException($"There was no {what}. Events: {string.Join("; ", Events.Where(e => e.Body is not Heartbeat).Select(e => $"{e.CommandId} {e.Body}"))}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await collecting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await host.StopAsync();
        host.Dispose();
        http.Dispose();
        commandKey.Dispose();
        end.Dispose();
        data.Dispose();
    }

    private IHost Build(int port)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging().AddEmbeddedBroker(o => (o.DatabasePath, o.AmqpEndpoint, o.RootKey) = (data["broker.db"], new Uri($"amqp://{address}:{port}"), "root-key-for-tests"));
        return builder.Build();
    }

    private int Append(string log, string text) => logs.AddOrUpdate(log, text, (_, there) => there + text).Length;

    private string Enroll(string body)
    {
        var request = JsonSerializer.Deserialize(body, ContractsJson.Default.EnrollRequest)!;
        (AgentKey, SealingKey) = (request.SigningKey, request.SealingKey);
        return JsonSerializer.Serialize(Enrollment, ContractsJson.Default.EnrollResponse);
    }

    /// <summary>A trade of keys, signed with the key that is known.</summary>
    private (int Status, byte[] Body) Renew(byte[] body)
    {
        var signed = JsonSerializer.Deserialize(body, ContractsJson.Default.SignedMessage)!;
        var request = JsonSerializer.Deserialize(signed.Payload, ContractsJson.Default.RenewRequest)!;
        if (!signed.IsSignedBy(AgentKey) || OnRenewal(Enrollment) is not { } answer)
            return (401, []);
        AgentKey = request.SigningKey;
        var box = SealedBox.Seal(request.SealingKey, JsonSerializer.SerializeToUtf8Bytes(answer, ContractsJson.Default.EnrollResponse), RenewRequest.ContextOf(request.CommandId));
        return (200, JsonSerializer.SerializeToUtf8Bytes(box, ContractsJson.Default.SealedBox));
    }

    private async Task CollectAsync()
    {
        while (!end.IsCancellationRequested)
        {
            foreach (var message in await Broker.ReceiveAsync("agent-events", 10, TimeSpan.FromMilliseconds(200), end.Token))
            {
                var signed = SignedMessage.Parse(message.Body.Span).ShouldNotBeNull();
                signed.IsSignedBy(AgentKey).ShouldBeTrue();
                var envelope = JsonSerializer.Deserialize(signed.Payload, ContractsJson.Default.EventEnvelope)!;
                (message.ApplicationProperties.GetValueOrDefault("traceparent") as string).ShouldBe(envelope.TraceParent);
                Events.Enqueue(envelope);
                OnEvent?.Invoke(envelope);
                await Broker.CompleteAsync(message);
            }
        }
    }
}
