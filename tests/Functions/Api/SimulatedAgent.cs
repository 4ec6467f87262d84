using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Contracts.Events;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Tests.Api;

/// <summary>An agent without Nix: enrols over HTTP, receives over AMQP, checks signatures, opens seals, and answers with signed events.</summary>
public sealed class SimulatedAgent : IAsyncDisposable
{
    private readonly EnrollResponse identity;
    private readonly TestNode keys;
    private readonly HttpClient http;
    private readonly QueueSender sender;
    private CancellationTokenSource stop = new();
    private Task receiving;

    private SimulatedAgent(EnrollResponse identity, TestNode keys, HttpClient http)
    {
        (this.identity, this.keys, this.http) = (identity, keys, http);
        sender = new QueueSender(Connection(identity.Events), NullLogger<QueueSender>.Instance);
        receiving = ReceiveAsync();
    }

    public string NodeId => identity.NodeId;

    public EnrollResponse Identity => identity;

    internal TestNode Keys => keys;

    /// <summary>The environment that came with the last command, opened.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; private set; }

    /// <summary>What it does and reports before it answers; by default a few stages, each done at once.</summary>
    public Func<CommandEnvelope, Task>? Work { get; set; }

    /// <summary>The answer to a command; null for none. By default all succeeds.</summary>
    public Func<CommandEnvelope, CommandResult?>? Answer { get; set; }

    public static async Task<SimulatedAgent> EnrollAsync(HttpClient http, string token)
    {
        var own = NewKeys();
        using var response = await http.PostAsync("api/agent/enroll", JsonContent.Create(own.Request(token), ContractsJson.Default.EnrollRequest));
        response.EnsureSuccessStatusCode();
        var enrolled = (await response.Content.ReadFromJsonAsync(ContractsJson.Default.EnrollResponse))!;
        var agent = new SimulatedAgent(enrolled, own with { Id = enrolled.NodeId }, http);
        await agent.SendAsync(null, new Heartbeat { AgentVersion = "0.1.0", Facts = TestData.Facts });
        return agent;
    }

    /// <summary>The same node at another control plane that was told of it: trades its keys there, and reports.</summary>
    public async Task<SimulatedAgent> MoveAsync(HttpClient there, string commandId)
    {
        var own = NewKeys() with { Id = NodeId };
        var moved = new SimulatedAgent(await there.RenewAsync(NodeId, keys, own, commandId), own, there);
        await moved.SendAsync(null, new Heartbeat { AgentVersion = "0.1.0", Facts = TestData.Facts });
        return moved;
    }

    internal static TestNode NewKeys() => new("?", ECDsa.Create(ECCurve.NamedCurves.nistP256), ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    public Task SendAsync(CommandEnvelope? command, AgentEvent body)
    {
        var envelope = new EventEnvelope
        {
            EventId = Guid.NewGuid().ToString("N"),
            NodeId = NodeId,
            ProjectId = command?.ProjectId,
            DeploymentId = command?.DeploymentId,
            CommandId = command?.CommandId,
            OccurredAt = TimeProvider.System.GetUtcNow(),
            TraceParent = command?.TraceParent,
            Body = body,
        };
        return sender.SendAsync(identity.Events.Queue, new OutgoingMessage
        {
            MessageId = envelope.EventId,
            Body = Encoding.UTF8.GetBytes(keys.Message(envelope)),
            ApplicationProperties = envelope.TraceParent is { } trace ? new Dictionary<string, object>(StringComparer.Ordinal) { ["traceparent"] = trace } : [],
        });
    }

    /// <summary>Appends to the log of a deployment.</summary>
    public Task<HttpResponseMessage> AppendLogAsync(string deployment, long offset, string text) =>
        SendAsync(HttpMethod.Post, $"api/agent/deployments/{deployment}/log?offset={offset}", new StringContent(text, Encoding.UTF8, "text/plain"));

    /// <summary>Appends to the archive of what it compiled.</summary>
    public Task<HttpResponseMessage> PutTreeAsync(string deployment, string sha256, long offset, byte[] bytes, long length) =>
        SendAsync(HttpMethod.Put, $"api/agent/deployments/{deployment}/trees/{sha256}?offset={offset}&length={length}", new ByteArrayContent(bytes));

    /// <summary>Takes an archive, from an offset.</summary>
    public Task<HttpResponseMessage> GetTreeAsync(string deployment, string sha256, long offset = 0) =>
        SendAsync(HttpMethod.Get, $"api/agent/deployments/{deployment}/trees/{sha256}?offset={offset}", null);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", identity.AgentToken);
        return await http.SendAsync(request);
    }

    /// <summary>Takes no more commands.</summary>
    public async Task StopReceivingAsync()
    {
        await stop.CancelAsync();
        await receiving;
    }

    /// <summary>Takes commands again, with what has come meanwhile.</summary>
    public void StartReceiving()
    {
        stop.Dispose();
        stop = new();
        receiving = ReceiveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopReceivingAsync();
        await sender.DisposeAsync();
        stop.Dispose();
    }

    private Task ReceiveAsync() => new QueueReceiver(Connection(identity.Commands), NullLogger<QueueReceiver>.Instance).RunAsync(identity.Commands.Queue, HandleAsync, 4, stop.Token);

    private QueueConnectionOptions Connection(QueueCredential credential) =>
        new()
        {
            Endpoint = new Uri(identity.QueueEndpoint),
            KeyName = credential.KeyName,
            Key = credential.Key,
            Tls = identity.CertificateAuthority is { } authority ? new TlsOptions { CertificateAuthorityPem = authority } : null,
        };

    private async Task<Settlement> HandleAsync(ReceivedMessage message, CancellationToken ct)
    {
        var signed = SignedMessage.Parse(message.Body.Span)!;
        signed.IsSignedBy(identity.CommandKey).ShouldBeTrue();
        var command = JsonSerializer.Deserialize(signed.Payload, ContractsJson.Default.CommandEnvelope)!;
        var environment = (command.Body as BuildCommand)?.Environment ?? (command.Body as ActivateCommand)?.Environment;
        if (environment is not null)
        {
            Environment = JsonSerializer.Deserialize(environment.Open(keys.SealingKey, command.CommandId), ContractsJson.Default.DictionaryStringString);
        }

        if (command.Body is UseEventsKeyCommand { Credential: { } box })
        {
            var credential = JsonSerializer.Deserialize(box.Open(keys.SealingKey, command.CommandId), ContractsJson.Default.QueueCredential)!;
            await sender.UseKeyAsync(credential.KeyName, credential.Key);
        }

        await (Work ?? DoStagesAsync)(command);

        if ((Answer is null ? Succeed(command) : Answer(command)) is { } result)
        {
            await SendAsync(command, result);
        }

        return Settlement.Complete;
    }

    /// <summary>Reports the usual stages of a command.</summary>
    public async Task DoStagesAsync(CommandEnvelope command)
    {
        foreach (var stage in Stages(command.Body))
        {
            await SendAsync(command, new StageProgress { Stage = stage, State = StageState.Started });
            await SendAsync(command, new StageProgress { Stage = stage, State = StageState.Completed, DurationMilliseconds = 5 });
        }
    }

    private static string[] Stages(Command command) => command switch
    {
        BuildCommand => ["fetch", "configure", "compile"],
        ActivateCommand => ["start", "health", "switch", "watch"],
        _ => [],
    };

    public static CommandResult Succeed(CommandEnvelope command) => command.Body switch
    {
        BuildCommand build => new() { Outcome = CommandOutcome.Succeeded, Built = new(build.Commit ?? TestData.Commit, "/nix/store/new", 1000, new DeploymentConfig { Watch = TimeSpan.FromSeconds(1) }) { Subject = "A subject", Tree = build.ShareTree ? new(command.NodeId, new string('a', 64), 9, 9) : null } },
        ActivateCommand activate => new() { Outcome = CommandOutcome.Succeeded, Serving = new(activate.ReleaseId, 2, TestData.Commit, "/nix/store/new", 21000) { Pid = 42, UnitState = "active" } },
        RollBackCommand => new() { Outcome = CommandOutcome.Succeeded, Serving = new("earlier", 1, new string('b', 40), "/nix/store/old", 21000) },
        _ => new() { Outcome = CommandOutcome.Succeeded },
    };
}
