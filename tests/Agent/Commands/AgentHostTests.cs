using System.Security.Cryptography;
using VpsPilot.Agent.Tests.Builds;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Tests.Commands;

/// <summary>What the whole daemon does with commands.</summary>
public sealed class AgentHostTests : DaemonTests
{
    [Fact]
    public async Task A_build_that_cannot_fetch_reports_its_stage_and_answers_once_however_often_it_is_delivered()
    {
        await StartAgentAsync();
        var repository = await GitRepository.CreateAsync(Folder["repo"]);
        await repository.CommitAsync("First");
        var build = ControlPlaneStandIn.Command("d1.build.n1", new BuildCommand { Repository = repository.Path, Branch = "nope" }) with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
        await Plane.SendAsync(build);
        var result = await Plane.ResultAsync(build.CommandId);
        result.Outcome.ShouldBe(CommandOutcome.Failed);
        result.Failure.ShouldNotBeNull().Message.ShouldContain("no branch nope");
        Plane.Progress(build.CommandId).Select(p => (p.Stage, p.State)).ShouldBe([(Stages.Fetch, StageState.Started), (Stages.Fetch, StageState.Failed)]);

        await Plane.SendAsync(build);
        (await Plane.ResultAsync(build.CommandId, nth: 2)).ShouldBeEquivalentTo(result);
        Plane.Results(build.CommandId).Select(e => e.EventId).Distinct().Count().ShouldBe(1);
        Plane.Progress(build.CommandId).Count().ShouldBe(2);
        Plane.Events.Where(e => e.CommandId == build.CommandId).ShouldAllBe(e => e.TraceParent == build.TraceParent, "what an agent reports is in the trace of its command");
    }

    [Fact]
    public async Task A_command_that_came_before_a_crash_is_answered_after_the_restart()
    {
        var build = ControlPlaneStandIn.Command("d2.build.n1", new BuildCommand { Repository = Folder["none"], Branch = "main" });
        Folder.OpenJournal().Accept(build).IsNew.ShouldBeTrue();
        await StartAgentAsync();
        (await Plane.ResultAsync(build.CommandId)).Failure.ShouldNotBeNull().Step.ShouldBe(Stages.Fetch);
    }

    [Fact]
    public async Task A_canceled_command_that_a_crash_interrupted_is_not_begun_again()
    {
        var build = ControlPlaneStandIn.Command("d3.build.n1", new BuildCommand { Repository = Folder["none"], Branch = "main" });
        var journal = Folder.OpenJournal();
        journal.Accept(build);
        journal.RequestCancel(build.CommandId);
        await StartAgentAsync();
        (await Plane.ResultAsync(build.CommandId)).Outcome.ShouldBe(CommandOutcome.Canceled);
        Plane.Progress(build.CommandId).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_of_a_stranger_is_told_to_people_and_put_aside_and_not_answered()
    {
        await StartAgentAsync();
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await Plane.SendAsync(ControlPlaneStandIn.Command("d4.build.n1", new BuildCommand { Repository = "/x", Branch = "main" }), stranger);
        await Plane.UntilAsync(() => Plane.Broker.Count("node-n1").DeadLetter == 1, "dead letter");
        await Plane.UntilAsync(() => Plane.Events.Any(e => e.Body is Alert { Code: "command-refused" }), "alert");
        Plane.Results("d4.build.n1").ShouldBeEmpty();
        Directory.GetFiles(Folder.Paths.Journal).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_project_that_is_not_there_cannot_be_activated_restarted_or_rolled_back()
    {
        await StartAgentAsync();
        await Plane.SendAsync(ControlPlaneStandIn.Command("d5.activate.n1", new ActivateCommand { ReleaseId = "d5" }));
        await Plane.SendAsync(ControlPlaneStandIn.Command("d5.restart.n1", new RestartCommand()));
        await Plane.SendAsync(ControlPlaneStandIn.Command("d5.roll-back.n1", new RollBackCommand { Reason = "test" }));
        await Plane.SendAsync(ControlPlaneStandIn.Command("d5.other.n1", new RollBackCommand { Reason = "test", IfServing = "d4" }));
        (await Plane.ResultAsync("d5.activate.n1")).Failure.ShouldNotBeNull().Message.ShouldBe("The release d5 is not on this node.");
        (await Plane.ResultAsync("d5.restart.n1")).Outcome.ShouldBe(CommandOutcome.Failed);
        (await Plane.ResultAsync("d5.roll-back.n1")).Failure.ShouldNotBeNull().Message.ShouldBe("There is no earlier release on this node.");
        (await Plane.ResultAsync("d5.other.n1")).Outcome.ShouldBe(CommandOutcome.Succeeded);
    }

    [Fact]
    public async Task A_build_is_refused_with_a_remedy_before_the_disk_is_full()
    {
        await StartAgentAsync(Folder.Settings with { Disk = new() { MinFree = long.MaxValue } });
        await Plane.SendAsync(ControlPlaneStandIn.Command("d6.build.n1", new BuildCommand { Repository = Folder["none"], Branch = "main" }));
        var failure = (await Plane.ResultAsync("d6.build.n1")).Failure.ShouldNotBeNull();
        failure.Message.ShouldStartWith("The disk is almost full: ");
        failure.Hint.ShouldNotBeNull().ShouldContain("collect");
        Plane.Progress("d6.build.n1").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_of_a_person_that_a_crash_interrupted_is_not_begun_again()
    {
        Folder.OpenJournal().Accept(ControlPlaneStandIn.Command("d7.run.n1", new RunCommand { CommandLine = "true" }));
        await StartAgentAsync();
        (await Plane.ResultAsync("d7.run.n1")).Failure.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Lost);
    }

    [Fact]
    public async Task A_command_whose_log_cannot_be_written_is_done_and_answered_all_the_same()
    {
        Directory.CreateDirectory(Path.Combine(Folder.Paths.DeploymentLogs, "d8.log"));
        await StartAgentAsync();
        await Plane.SendAsync(ControlPlaneStandIn.Command("d8.build.n1", new BuildCommand { Repository = Folder["none"], Branch = "main" }));
        (await Plane.ResultAsync("d8.build.n1")).Failure.ShouldNotBeNull().Step.ShouldBe(Stages.Fetch);
    }

    [Fact]
    public async Task Inspect_brings_a_heartbeat_and_so_does_the_start()
    {
        await StartAgentAsync();
        await Plane.UntilAsync(() => Plane.Events.Any(e => e.Body is Heartbeat), "heartbeat");
        await Plane.SendAsync(ControlPlaneStandIn.Command("inspect-1", new InspectCommand()) with { ProjectId = null, DeploymentId = null });
        (await Plane.ResultAsync("inspect-1")).Outcome.ShouldBe(CommandOutcome.Succeeded);
        var beats = Plane.Events.Select(e => e.Body).OfType<Heartbeat>().ToList();
        beats.Count.ShouldBe(2);
        beats[0].Facts.ShouldSatisfyAllConditions(f => f.Processors.ShouldBePositive(), f => f.MemoryBytes.ShouldBePositive(), f => f.DiskFreeBytes.ShouldBePositive());
    }
}
