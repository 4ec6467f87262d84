using Microsoft.Extensions.Hosting;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Agent.Hosting;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Tests.Enrollment;

/// <summary>The whole daemon between two control planes.</summary>
public sealed class NodeMoverTests : IAsyncLifetime, IDisposable
{
    private const string Id = "move.archive.n1";

    private readonly AgentFolder folder = new();
    private ControlPlaneStandIn here = null!;
    private ControlPlaneStandIn there = null!;
    private IHost? agent;

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
        var before = await File.ReadAllBytesAsync(folder.Paths.SigningKey);

        await here.SendAsync(trouble == "away" ? Move(with: "http://127.0.0.1:9") : Move());

        var failure = (await here.ResultAsync(Id)).Failure.ShouldNotBeNull();
        failure.Message.ShouldContain(reason);
        failure.Hint.ShouldNotBeNull();
        await here.SendAsync(Inspect("inspect-here"));
        (await here.ResultAsync("inspect-here")).Outcome.ShouldBe(CommandOutcome.Succeeded);
        (await File.ReadAllBytesAsync(folder.Paths.SigningKey)).ShouldBe(before);
        Identity.Load(folder.Paths)!.ControlPlane.ShouldBe(here.Url);
    }

    [Fact]
    public async Task An_agent_that_died_after_the_trade_and_with_the_new_keys_on_its_disk_goes_on()
    {
        using var traded = AgentKeys.Create();
        traded.Replace(folder.Paths);
        there.AgentKey = traded.SigningKey;
        new Identity(here.Url, here.Enrollment, "hash").Save(folder.Paths);
        folder.OpenJournal().Accept(Move());

        folder.ReadKeys();
        here.AgentKey = folder.Keys.SigningKey;
        await RunAgentAsync();
        await agent!.WaitForShutdownAsync().WaitAsync(ControlPlaneStandIn.Soon);

        await RestartAgentAsync();
        (await there.ResultAsync(Id)).Outcome.ShouldBe(CommandOutcome.Succeeded);
        Identity.Load(folder.Paths)!.ControlPlane.ShouldBe(there.Url);
    }

    public async Task InitializeAsync()
    {
        here = await ControlPlaneStandIn.StartAsync();
        there = await ControlPlaneStandIn.StartAsync();
        (here.AgentKey, there.AgentKey) = (folder.Keys.SigningKey, folder.Keys.SigningKey);
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
        folder.Dispose();
    }

    private CommandEnvelope Move(string? with = null) => Bare(ControlPlaneStandIn.Command(Id, new MoveCommand { Url = with ?? there.Url.ToString(), CommandKey = there.CommandKey }));

    private static CommandEnvelope Inspect(string id) => Bare(ControlPlaneStandIn.Command(id, new InspectCommand()));

    private static CommandEnvelope Bare(CommandEnvelope command) => command with { ProjectId = null, DeploymentId = null };

    private async Task StartAgentAsync()
    {
        new Identity(here.Url, here.Enrollment, "hash").Save(folder.Paths);
        await RunAgentAsync();
    }

    /// <summary>What systemd does when the agent has ended.</summary>
    private async Task RestartAgentAsync()
    {
        agent!.Dispose();
        folder.ReadKeys();
        await RunAgentAsync();
    }

    private async Task RunAgentAsync()
    {
        agent = AgentHost.Build(folder.Settings, folder.Paths, Identity.Load(folder.Paths)!, folder.Keys);
        await agent.StartAsync();
    }
}
