using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Tests.Builds;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Tests.Commands;

/// <summary>The whole daemon against a real broker. There is no systemd here, so commands end at the stage that needs it.</summary>
public sealed class AgentHostTests : IAsyncLifetime, IDisposable
{
    private readonly AgentFolder folder = new();
    private ControlPlaneStandIn plane = null!;
    private IHost? agent;

    [Fact]
    public async Task A_build_that_cannot_fetch_reports_its_stage_and_answers_once_however_often_it_is_delivered()
    {
        await StartAgentAsync();
        var repository = await GitRepository.CreateAsync(folder["repo"]);
        await repository.CommitAsync("First");
        var build = ControlPlaneStandIn.Command("d1.build.n1", new BuildCommand { Repository = repository.Path, Branch = "nope" }) with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
        await plane.SendAsync(build);
        var result = await plane.ResultAsync(build.CommandId);
        result.Outcome.ShouldBe(CommandOutcome.Failed);
        result.Failure.ShouldNotBeNull().Message.ShouldContain("no branch nope");
        plane.Progress(build.CommandId).Select(p => (p.Stage, p.State)).ShouldBe([(Stages.Fetch, StageState.Started), (Stages.Fetch, StageState.Failed)]);

        await plane.SendAsync(build);
        (await plane.ResultAsync(build.CommandId, nth: 2)).ShouldBeEquivalentTo(result);
        plane.Results(build.CommandId).Select(e => e.EventId).Distinct().Count().ShouldBe(1);
        plane.Progress(build.CommandId).Count().ShouldBe(2);
        plane.Events.Where(e => e.CommandId == build.CommandId).ShouldAllBe(e => e.TraceParent == build.TraceParent, "what an agent reports is in the trace of its command");
    }

    [Fact]
    public async Task A_command_that_came_before_a_crash_is_answered_after_the_restart()
    {
        var build = ControlPlaneStandIn.Command("d2.build.n1", new BuildCommand { Repository = folder["none"], Branch = "main" });
        folder.OpenJournal().Accept(build).IsNew.ShouldBeTrue();
        await StartAgentAsync();
        (await plane.ResultAsync(build.CommandId)).Failure.ShouldNotBeNull().Step.ShouldBe(Stages.Fetch);
    }

    [Fact]
    public async Task A_canceled_command_that_a_crash_interrupted_is_not_begun_again()
    {
        var build = ControlPlaneStandIn.Command("d3.build.n1", new BuildCommand { Repository = folder["none"], Branch = "main" });
        var journal = folder.OpenJournal();
        journal.Accept(build);
        journal.RequestCancel(build.CommandId);
        await StartAgentAsync();
        (await plane.ResultAsync(build.CommandId)).Outcome.ShouldBe(CommandOutcome.Canceled);
        plane.Progress(build.CommandId).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_of_a_stranger_is_told_to_people_and_put_aside_and_not_answered()
    {
        await StartAgentAsync();
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await plane.SendAsync(ControlPlaneStandIn.Command("d4.build.n1", new BuildCommand { Repository = "/x", Branch = "main" }), stranger);
        await plane.UntilAsync(() => plane.Broker.Count("node-n1").DeadLetter == 1, "dead letter");
        await plane.UntilAsync(() => plane.Events.Any(e => e.Body is Alert { Code: "command-refused" }), "alert");
        plane.Results("d4.build.n1").ShouldBeEmpty();
        Directory.GetFiles(folder.Paths.Journal).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_project_that_is_not_there_cannot_be_activated_restarted_or_rolled_back()
    {
        await StartAgentAsync();
        await plane.SendAsync(ControlPlaneStandIn.Command("d5.activate.n1", new ActivateCommand { ReleaseId = "d5" }));
        await plane.SendAsync(ControlPlaneStandIn.Command("d5.restart.n1", new RestartCommand()));
        await plane.SendAsync(ControlPlaneStandIn.Command("d5.roll-back.n1", new RollBackCommand { Reason = "test" }));
        await plane.SendAsync(ControlPlaneStandIn.Command("d5.other.n1", new RollBackCommand { Reason = "test", IfServing = "d4" }));
        (await plane.ResultAsync("d5.activate.n1")).Failure.ShouldNotBeNull().Message.ShouldBe("The release d5 is not on this node.");
        (await plane.ResultAsync("d5.restart.n1")).Outcome.ShouldBe(CommandOutcome.Failed);
        (await plane.ResultAsync("d5.roll-back.n1")).Failure.ShouldNotBeNull().Message.ShouldBe("There is no earlier release on this node.");
        (await plane.ResultAsync("d5.other.n1")).Outcome.ShouldBe(CommandOutcome.Succeeded);
    }

    [Fact]
    public async Task A_build_is_refused_with_a_remedy_before_the_disk_is_full()
    {
        await StartAgentAsync(folder.Settings with { Disk = new() { MinFree = long.MaxValue } });
        await plane.SendAsync(ControlPlaneStandIn.Command("d6.build.n1", new BuildCommand { Repository = folder["none"], Branch = "main" }));
        var failure = (await plane.ResultAsync("d6.build.n1")).Failure.ShouldNotBeNull();
        failure.Message.ShouldStartWith("The disk is almost full: ");
        failure.Hint.ShouldNotBeNull().ShouldContain("collect");
        plane.Progress("d6.build.n1").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_of_a_person_that_a_crash_interrupted_is_not_begun_again()
    {
        folder.OpenJournal().Accept(ControlPlaneStandIn.Command("d7.run.n1", new RunCommand { CommandLine = "true" }));
        await StartAgentAsync();
        (await plane.ResultAsync("d7.run.n1")).Failure.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Lost);
    }

    [Fact]
    public async Task A_command_whose_log_cannot_be_written_is_done_and_answered_all_the_same()
    {
        Directory.CreateDirectory(Path.Combine(folder.Paths.DeploymentLogs, "d8.log"));
        await StartAgentAsync();
        await plane.SendAsync(ControlPlaneStandIn.Command("d8.build.n1", new BuildCommand { Repository = folder["none"], Branch = "main" }));
        (await plane.ResultAsync("d8.build.n1")).Failure.ShouldNotBeNull().Step.ShouldBe(Stages.Fetch);
    }

    [Fact]
    public async Task Inspect_brings_a_heartbeat_and_so_does_the_start()
    {
        await StartAgentAsync();
        await plane.UntilAsync(() => plane.Events.Any(e => e.Body is Heartbeat), "heartbeat");
        await plane.SendAsync(ControlPlaneStandIn.Command("inspect-1", new InspectCommand()) with { ProjectId = null, DeploymentId = null });
        (await plane.ResultAsync("inspect-1")).Outcome.ShouldBe(CommandOutcome.Succeeded);
        var beats = plane.Events.Select(e => e.Body).OfType<Heartbeat>().ToList();
        beats.Count.ShouldBe(2);
        beats[0].Facts.ShouldSatisfyAllConditions(f => f.Processors.ShouldBePositive(), f => f.MemoryBytes.ShouldBePositive(), f => f.DiskFreeBytes.ShouldBePositive());
    }

    public async Task InitializeAsync()
    {
        plane = await ControlPlaneStandIn.StartAsync();
        plane.AgentKey = folder.Keys.SigningKey;
    }

    public async Task DisposeAsync()
    {
        if (agent is not null)
            await agent.StopAsync();
        await plane.DisposeAsync();
    }

    public void Dispose()
    {
        agent?.Dispose();
        folder.Dispose();
    }

    private async Task StartAgentAsync(AgentSettings? with = null)
    {
        agent = AgentHost.Build(with ?? folder.Settings, folder.Paths, new Identity(plane.Url, plane.Enrollment, "hash"), folder.Keys);
        await agent.StartAsync();
    }
}
