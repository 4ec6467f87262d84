using VpsPilot.Agent.Activation;
using VpsPilot.Agent.Backups;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Tests.Activation;

public sealed class RollBackTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly AgentFolder folder = new();
    private readonly ReleaseStore releases;
    private readonly BackupStore backups;
    private readonly List<StageProgress> progress = [];
    private readonly RollBackCommand otherSlot = new() { OtherSlot = true, Reason = "test" };
    private readonly CommandContext context;

    public RollBackTests()
    {
        (releases, backups) = (new(folder.Paths), new(folder.Paths));
        var output = new CommandOutput(null);
        var envelope = new CommandEnvelope { CommandId = "c1", NodeId = "n1", ProjectId = "p", DeploymentId = "d1", IssuedAt = Start, ExpiresAt = Start.AddDays(1), Body = otherSlot };
        context = new(envelope, new StageReporter(progress.Add, output, TimeProvider.System), output);
    }

    [Fact]
    public void The_other_slot_has_the_release_that_its_link_names()
    {
        Place(Slot.Blue, Release("r1", 1));
        Place(Slot.Green, Release("r2", 2));
        Serve(Slot.Green);
        Target().ShouldNotBeNull().ReleaseId.ShouldBe("r1");
        Serve(Slot.Blue);
        Target().ShouldNotBeNull().ReleaseId.ShouldBe("r2");
    }

    [Fact]
    public void A_slot_that_cannot_be_gone_back_to_is_refused_with_the_reason()
    {
        Serve(Slot.InPlace);
        Refusal().ShouldBe("The project runs in place: it has no other slot.");
        Place(Slot.Blue, Release("r1", 1));
        Serve(Slot.Blue);
        Refusal().ShouldBe("The green slot is empty: nothing ran in it, or its release is not kept any more.");
        Place(Slot.Green, Release("r2", 2) with { ProvedAt = null });
        Refusal().ShouldBe("The release in the green slot (aaaaaaaaaaaa) was given up: it never went through its watch window.");
        releases.Save("p", Release("r2", 2) with { StorePath = folder["gone"] });
        Refusal().ShouldStartWith("The green slot is empty");
    }

    [Fact]
    public async Task The_same_command_again_after_its_end_gets_the_same_answer_whatever_the_slots_are_by_then()
    {
        var answer = new CommandResult { Outcome = CommandOutcome.RolledBack, Failure = new(Stages.Watch, FailureKind.Unhealthy, "bad again") };
        Place(Slot.Blue, Release("r1", 1));
        Serve(Slot.Blue);
        releases.Save("p", new ActivationIntent { CommandId = "c1", From = "r1", To = "r2", Result = answer });
        var handler = new RollBackHandler(releases, new(releases, null!), null!, null!, null!, backups, null!, null!, null!, null!, null!, null!, null!);
        var again = await handler.RunAsync(context, otherSlot, default);
        (again.Outcome, again.Failure?.Message).ShouldBe((answer.Outcome, "bad again"));
    }

    [Fact]
    public async Task What_a_rollback_leaves_is_archived_and_never_what_an_emergency_goes_back_to()
    {
        Serve(Slot.Blue, Release("r2", 2));
        Keep();
        await Stage().BeforeRollBackAsync(context, new BackupsConfig(), default);
        var archive = backups.List("p").ShouldHaveSingleItem();
        (archive.ReleaseId, archive.IsAside).ShouldBe(("r2", true));
        backups.Last("p").ShouldBeNull();
        progress.Select(p => (p.Stage, p.State)).ShouldBe([(Stages.Backup, StageState.Started), (Stages.Backup, StageState.Completed)]);
    }

    [Fact]
    public async Task Without_room_for_an_archive_it_is_gone_back_nevertheless()
    {
        Serve(Slot.Blue, Release("r2", 2));
        Keep();
        Directory.CreateDirectory(folder.Paths.Backups);
        await File.WriteAllTextAsync(folder.Paths.BackupsOf("p"), "a file where a folder should be");
        await Stage().BeforeRollBackAsync(context, new BackupsConfig(), default);
        progress.Last().State.ShouldBe(StageState.Failed);
    }

    public void Dispose() => folder.Dispose();

    private BackupStage Stage() => new(releases, new BackupMaker(folder.Paths, releases, backups, new ProcessRunner(TimeProvider.System), TimeProvider.System), backups);

    private ReleaseManifest? Target() => new RollBackTargets(releases, null!).Of(context, otherSlot);

    private string Refusal()
    {
        Target().ShouldBeNull();
        return new RollBackTargets(releases, null!).None(context, otherSlot).Message;
    }

    private void Serve(Slot slot, ReleaseManifest? release = null)
    {
        releases.Save("p", new ProjectState { Port = 1, GreenPort = 2, Slot = slot });
        if (release is null)
            return;
        releases.Save("p", release);
        releases.SetCurrent("p", release.ReleaseId);
    }

    private void Keep()
    {
        Directory.CreateDirectory(folder.Paths.Data("p"));
        File.WriteAllText(Path.Combine(folder.Paths.Data("p"), "notes"), "kept");
    }

    private void Place(Slot slot, ReleaseManifest release)
    {
        releases.Save("p", release);
        var link = folder.Paths.SlotLink("p", slot.Word());
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, folder.Paths.Release("p", release.ReleaseId));
    }

    private ReleaseManifest Release(string id, int number) => new()
    {
        ReleaseId = id,
        Commit = new string('a', 40),
        StorePath = folder.Paths.Root,
        ClosureBytes = 1,
        Config = new ProjectConfig { Type = ProjectType.Static },
        BuiltAt = Start.AddMinutes(number),
        Generation = number,
        ProvedAt = Start.AddMinutes(number),
    };
}
