using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Tests.Builds;
using VpsPilot.Agent.Tests.Enrollment;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Embedded.Broker;

namespace VpsPilot.Agent.Tests.Commands;

/// <summary>The whole daemon against a real broker. There is no systemd here, so commands end at the stage that needs it.</summary>
public sealed class AgentHostTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private readonly TempFolder folder = new();
    private readonly ECDsa commandKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentQueue<EventEnvelope> events = new();
    private readonly CancellationTokenSource end = new();
    private readonly AgentSettings settings;
    private readonly AgentPaths paths;
    private IHost brokerHost = null!;
    private IBroker broker = null!;
    private AgentKeys keys = null!;
    private HttpStub plane = null!;
    private Task collecting = Task.CompletedTask;
    private IHost? agent;

    public AgentHostTests()
    {
        settings = new AgentSettings { Root = folder["root"], StateDirectory = folder["state"], UnitDirectory = folder["units"], ProfileDirectory = folder["profiles"], Heartbeat = TimeSpan.FromMinutes(5) };
        paths = new AgentPaths(settings);
    }

    [Fact]
    public async Task A_build_that_cannot_fetch_reports_its_stage_and_answers_once_however_often_it_is_delivered()
    {
        await StartAgentAsync();
        var repository = await GitRepository.CreateAsync(folder["repo"]);
        await repository.CommitAsync("First");
        var build = Command("d1.build.n1", new BuildCommand { Repository = repository.Path, Branch = "nope" });
        await SendAsync(build);
        var result = await ResultAsync(build.CommandId);
        result.Outcome.ShouldBe(CommandOutcome.Failed);
        result.Failure.ShouldNotBeNull().Message.ShouldContain("no branch nope");
        events.Select(e => e.Body).OfType<StageProgress>().Select(p => (p.Stage, p.State)).ShouldBe([(Stages.Fetch, StageState.Started), (Stages.Fetch, StageState.Failed)]);

        await SendAsync(build);
        (await ResultAsync(build.CommandId, nth: 2)).ShouldBeEquivalentTo(result);
        events.Where(e => e.Body is CommandResult).Select(e => e.EventId).Distinct().Count().ShouldBe(1);
        events.Select(e => e.Body).OfType<StageProgress>().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_command_that_came_before_a_crash_is_answered_after_the_restart()
    {
        var build = Command("d2.build.n1", new BuildCommand { Repository = folder["none"], Branch = "main" });
        OpenJournal().Accept(build).IsNew.ShouldBeTrue();
        await StartAgentAsync();
        (await ResultAsync(build.CommandId)).Failure.ShouldNotBeNull().Step.ShouldBe(Stages.Fetch);
    }

    [Fact]
    public async Task A_canceled_command_that_a_crash_interrupted_is_not_begun_again()
    {
        var build = Command("d3.build.n1", new BuildCommand { Repository = folder["none"], Branch = "main" });
        var journal = OpenJournal();
        journal.Accept(build);
        journal.RequestCancel(build.CommandId);
        await StartAgentAsync();
        (await ResultAsync(build.CommandId)).Outcome.ShouldBe(CommandOutcome.Canceled);
        events.Select(e => e.Body).OfType<StageProgress>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_of_a_stranger_is_answered_with_a_rejection_and_put_aside()
    {
        await StartAgentAsync();
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await SendAsync(Command("d4.build.n1", new BuildCommand { Repository = "/x", Branch = "main" }), stranger);
        var result = await ResultAsync("d4.build.n1");
        (result.Outcome, result.Failure?.Kind).ShouldBe((CommandOutcome.Rejected, FailureKind.Rejected));
        await UntilAsync(() => broker.Count("node-n1").DeadLetter == 1);
        Directory.GetFiles(paths.Journal).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_project_that_is_not_there_cannot_be_activated_restarted_or_rolled_back()
    {
        await StartAgentAsync();
        await SendAsync(Command("d5.activate.n1", new ActivateCommand { ReleaseId = "d5" }));
        await SendAsync(Command("d5.restart.n1", new RestartCommand()));
        await SendAsync(Command("d5.roll-back.n1", new RollBackCommand { Reason = "test" }));
        await SendAsync(Command("d5.other.n1", new RollBackCommand { Reason = "test", IfServing = "d4" }));
        (await ResultAsync("d5.activate.n1")).Failure.ShouldNotBeNull().Message.ShouldBe("The release d5 is not on this node.");
        (await ResultAsync("d5.restart.n1")).Outcome.ShouldBe(CommandOutcome.Failed);
        (await ResultAsync("d5.roll-back.n1")).Failure.ShouldNotBeNull().Message.ShouldBe("There is no earlier release on this node.");
        (await ResultAsync("d5.other.n1")).Outcome.ShouldBe(CommandOutcome.Succeeded);
    }

    [Fact]
    public async Task Inspect_brings_a_heartbeat_and_so_does_the_start()
    {
        await StartAgentAsync();
        await UntilAsync(() => events.Any(e => e.Body is Heartbeat));
        await SendAsync(Command("inspect-1", new InspectCommand()) with { ProjectId = null, DeploymentId = null });
        (await ResultAsync("inspect-1")).Outcome.ShouldBe(CommandOutcome.Succeeded);
        var beats = events.Select(e => e.Body).OfType<Heartbeat>().ToList();
        beats.Count.ShouldBe(2);
        beats[0].Facts.ShouldSatisfyAllConditions(f => f.Processors.ShouldBePositive(), f => f.MemoryBytes.ShouldBePositive(), f => f.DiskFreeBytes.ShouldBePositive());
    }

    public async Task InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging().AddEmbeddedBroker(o => (o.DatabasePath, o.AmqpEndpoint, o.RootKey) = (folder["broker.db"], new Uri("amqp://127.0.0.1:0"), "root-key-for-tests"));
        brokerHost = builder.Build();
        await brokerHost.StartAsync();
        broker = brokerHost.Services.GetRequiredService<IBroker>();
        await broker.CreateQueueAsync("node-n1", new QueueSettings { Rules = [new QueueRule("node-n1", "listen-key", "unused", AccessRights.Listen)] });
        await broker.CreateQueueAsync("agent-events", new QueueSettings { Rules = [new QueueRule("node-n1", "send-key", "unused", AccessRights.Send)] });
        keys = AgentKeys.LoadOrCreate(paths);
        plane = new HttpStub((_, _) => (404, ""));
        collecting = CollectAsync();
    }

    public async Task DisposeAsync()
    {
        if (agent is not null)
            await agent.StopAsync();
        await end.CancelAsync();
        await collecting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await brokerHost.StopAsync();
    }

    public void Dispose()
    {
        agent?.Dispose();
        plane.Dispose();
        brokerHost.Dispose();
        keys.Dispose();
        commandKey.Dispose();
        end.Dispose();
        folder.Dispose();
    }

    private async Task StartAgentAsync()
    {
        var identity = new Identity(plane.Url, TestIdentity.Response(broker.AmqpEndpoint.ToString(), Convert.ToBase64String(commandKey.ExportSubjectPublicKeyInfo())), "hash");
        agent = AgentHost.Build(settings, paths, identity, keys);
        await agent.StartAsync();
    }

    private CommandJournal OpenJournal()
    {
        Directory.CreateDirectory(paths.Journal);
        return new(paths.Journal, TimeProvider.System, NullLogger<CommandJournal>.Instance);
    }

    private async Task CollectAsync()
    {
        while (!end.IsCancellationRequested)
        {
            foreach (var message in await broker.ReceiveAsync("agent-events", 10, TimeSpan.FromMilliseconds(200), end.Token))
            {
                var signed = SignedMessage.Parse(message.Body.Span).ShouldNotBeNull();
                signed.IsSignedBy(keys.SigningKey).ShouldBeTrue();
                events.Enqueue(JsonSerializer.Deserialize(signed.Payload, ContractsJson.Default.EventEnvelope)!);
                await broker.CompleteAsync(message);
            }
        }
    }

    private async Task<CommandResult> ResultAsync(string commandId, int nth = 1)
    {
        IEnumerable<EventEnvelope> Results() => events.Where(e => e.CommandId == commandId && e.Body is CommandResult);
        await UntilAsync(() => Results().Count() >= nth);
        return (CommandResult)Results().ElementAt(nth - 1).Body;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Soon);
        while (!condition())
            await Task.Delay(20, limit.Token);
    }

    private static CommandEnvelope Command(string id, Command body) => new()
    {
        CommandId = id,
        NodeId = "n1",
        ProjectId = "p1",
        DeploymentId = id.Split('.')[0],
        IssuedAt = DateTimeOffset.UtcNow,
        ExpiresAt = DateTimeOffset.UtcNow.AddHours(1),
        Body = body,
    };

    private Task<long?> SendAsync(CommandEnvelope command, ECDsa? signer = null) => broker.SendAsync("node-n1", new BrokerMessage
    {
        MessageId = Guid.NewGuid().ToString("N"),
        Body = SignedMessage.Sign(JsonSerializer.Serialize(command, ContractsJson.Default.CommandEnvelope), SignedMessage.ControlPlane, signer ?? commandKey).ToBytes(),
    });
}
