using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Tests.Enrollment;

/// <summary>The whole daemon between two control planes.</summary>
public sealed class NodeMoverTests : IAsyncLifetime, IDisposable
{
    private const string Id = "move.archive.n1";

    private readonly TempFolder folder = new();
    private readonly AgentSettings settings;
    private readonly AgentPaths paths;
    private ControlPlaneStandIn here = null!;
    private ControlPlaneStandIn there = null!;
    private AgentKeys keys = null!;
    private IHost? agent;

    public NodeMoverTests()
    {
        settings = new AgentSettings { Root = folder["root"], StateDirectory = folder["state"], UnitDirectory = folder["units"], ProfileDirectory = folder["profiles"], Heartbeat = TimeSpan.FromMinutes(5) };
        paths = new AgentPaths(settings);
    }

    [Fact]
    public async Task An_agent_that_is_sent_away_reports_there_takes_leave_here_and_obeys_there()
    {
        await StartAgentAsync();

        await here.SendAsync(Move());
        (await here.ResultAsync(Id)).Outcome.ShouldBe(CommandOutcome.Succeeded);
        await agent!.WaitForShutdownAsync().WaitAsync(ControlPlaneStandIn.Soon);

        there.Events.ShouldContain(e => e.Body is Heartbeat);
        await RestartAgentAsync();
        (await there.ResultAsync(Id)).Outcome.ShouldBe(CommandOutcome.Succeeded);
        await there.SendAsync(Inspect("inspect-there"));
        (await there.ResultAsync("inspect-there")).Outcome.ShouldBe(CommandOutcome.Succeeded);
        here.Results(Id).Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("refuses", "401")]
    [InlineData("queue", "queue")]
    [InlineData("key", "not the control plane")]
    [InlineData("away", "did not give")]
    public async Task An_agent_that_cannot_report_there_stays_and_goes_on_here(string trouble, string reason)
    {
        there.OnRenewal = answer => trouble switch
        {
            "refuses" => null,
            "queue" => answer with { Events = answer.Events with { Key = "not-the-key" } },
            "key" => answer with { CommandKey = here.CommandKey },
            _ => answer,
        };
        await StartAgentAsync();
        var before = await File.ReadAllBytesAsync(paths.SigningKey);

        await here.SendAsync(trouble == "away" ? Move(with: "http://127.0.0.1:9") : Move());

        var failure = (await here.ResultAsync(Id)).Failure.ShouldNotBeNull();
        failure.Message.ShouldContain(reason);
        failure.Hint.ShouldNotBeNull();
        await here.SendAsync(Inspect("inspect-here"));
        (await here.ResultAsync("inspect-here")).Outcome.ShouldBe(CommandOutcome.Succeeded);
        (await File.ReadAllBytesAsync(paths.SigningKey)).ShouldBe(before);
        Identity.Load(paths)!.ControlPlane.ShouldBe(here.Url);
    }

    [Fact]
    public async Task An_agent_that_died_after_the_trade_and_with_the_new_keys_on_its_disk_goes_on()
    {
        using var traded = AgentKeys.Create();
        traded.Replace(paths);
        there.AgentKey = traded.SigningKey;
        new Identity(here.Url, here.Enrollment, "hash").Save(paths);
        paths.CreateFolders();
        new CommandJournal(paths.Journal, TimeProvider.System, NullLogger<CommandJournal>.Instance).Accept(Move());

        keys.Dispose();
        keys = AgentKeys.LoadOrCreate(paths);
        here.AgentKey = keys.SigningKey;
        await RunAgentAsync();
        await agent!.WaitForShutdownAsync().WaitAsync(ControlPlaneStandIn.Soon);

        await RestartAgentAsync();
        (await there.ResultAsync(Id)).Outcome.ShouldBe(CommandOutcome.Succeeded);
        Identity.Load(paths)!.ControlPlane.ShouldBe(there.Url);
    }

    public async Task InitializeAsync()
    {
        here = await ControlPlaneStandIn.StartAsync();
        there = await ControlPlaneStandIn.StartAsync();
        keys = AgentKeys.LoadOrCreate(paths);
        (here.AgentKey, there.AgentKey) = (keys.SigningKey, keys.SigningKey);
    }

    public async Task DisposeAsync()
    {
        if (agent is not null)
            await agent.StopAsync();
        await here.DisposeAsync();
        await there.DisposeAsync();
    }

    public void Dispose()
    {
        agent?.Dispose();
        keys.Dispose();
        folder.Dispose();
    }

    private CommandEnvelope Move(string? with = null) => Bare(ControlPlaneStandIn.Command(Id, new MoveCommand { Url = with ?? there.Url.ToString(), CommandKey = there.CommandKey }));

    private static CommandEnvelope Inspect(string id) => Bare(ControlPlaneStandIn.Command(id, new InspectCommand()));

    private static CommandEnvelope Bare(CommandEnvelope command) => command with { ProjectId = null, DeploymentId = null };

    private async Task StartAgentAsync()
    {
        new Identity(here.Url, here.Enrollment, "hash").Save(paths);
        await RunAgentAsync();
    }

    /// <summary>What systemd does when the agent has ended.</summary>
    private async Task RestartAgentAsync()
    {
        agent!.Dispose();
        keys.Dispose();
        keys = AgentKeys.LoadOrCreate(paths);
        await RunAgentAsync();
    }

    private async Task RunAgentAsync()
    {
        agent = AgentHost.Build(settings, paths, Identity.Load(paths)!, keys);
        await agent.StartAsync();
    }
}
