using VpsPilot.Agent.Backups;
using VpsPilot.Agent.Maintenance;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Tests.Maintenance;

public sealed class ReleasePrunerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 10, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_newest_that_proved_themselves_stay_and_the_bad_ones_go()
    {
        ReleaseManifest[] all = [Release("r5", 1, 5), Release("r4", 2, 4, isProved: false), Release("r3", 3, 3), Release("r2", 4, 2), Release("r1", 5, 1)];
        Kept(all, keep: 2).ShouldBe(["r5", "r3"]);
        Kept(all, keep: 3).ShouldBe(["r5", "r3", "r2"]);
    }

    [Fact]
    public void What_serves_and_what_can_be_gone_back_to_stays_however_old()
    {
        ReleaseManifest[] all = [Release("r5", 1, 5), Release("r4", 2, 4), Release("r3", 3, 3), Release("r2", 4, 2), Release("r1", 5, 1)];
        Kept(all, keep: 2, "r2", "r1").ShouldBe(["r5", "r4", "r2", "r1"]);
    }

    [Fact]
    public void At_least_two_stay() => Kept([Release("r3", 1, 3), Release("r2", 2, 2), Release("r1", 3, 1)], keep: 0).ShouldBe(["r3", "r2"]);

    [Fact]
    public void A_fresh_build_that_waits_for_its_activation_stays_an_old_one_goes()
    {
        ReleaseManifest[] all = [Release("new", 0, null, isProved: false), Release("r2", 1, 2), Release("old", 2, null, isProved: false), Release("r1", 3, 1)];
        Kept(all, keep: 2).ShouldBe(["new", "r2", "r1"]);
    }

    [Fact]
    public void A_canary_a_slot_that_finishes_requests_and_what_the_last_archive_is_of_stay()
    {
        using var folder = new AgentFolder();
        var (store, backups) = (new ReleaseStore(folder.Paths), new BackupStore(folder.Paths));
        store.Save("p", new ProjectState { Port = 1, Split = new(Slot.Green, "canary", 10, Now), Retiring = new(Slot.Blue, "old", Now, Now) });
        Directory.CreateDirectory(folder.Paths.BackupsOf("p"));
        File.WriteAllText(folder["archive"], "");
        backups.Add(new Backup { Id = "b1", File = "b1.tar", ProjectId = "p", ReleaseId = "archived", Commit = "c", CreatedAt = Now, Bytes = 0, Sha256 = "", CommandId = "c1" }, folder["archive"]);
        new ReleasePruner(folder.Paths, store, backups, null!, TimeProvider.System).KeptAnyway("p").ShouldBe(["canary", "old", "archived"], ignoreOrder: true);
    }

    [Fact]
    public void What_is_in_the_other_slot_stays_unless_it_was_given_up()
    {
        using var folder = new AgentFolder();
        var (store, other) = (new ReleaseStore(folder.Paths), Release("other", 9, 1) with { StorePath = folder.Paths.Root });
        store.Save("p", new ProjectState { Port = 1, GreenPort = 2, Slot = Slot.Blue });
        store.Save("p", other);
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Paths.SlotLink("p", "green"))!);
        File.CreateSymbolicLink(folder.Paths.SlotLink("p", "green"), folder.Paths.Release("p", "other"));
        var pruner = new ReleasePruner(folder.Paths, store, new BackupStore(folder.Paths), null!, TimeProvider.System);
        pruner.KeptAnyway("p").ShouldContain("other");
        store.Save("p", other with { ProvedAt = null });
        pruner.KeptAnyway("p").ShouldBeEmpty();
    }

    private static IEnumerable<string> Kept(ReleaseManifest[] newestFirst, int keep, params string[] anyway)
    {
        var (kept, gone) = ReleasePruner.Divide(newestFirst, anyway.ToHashSet(), keep, Now);
        kept.Concat(gone).Select(r => r.ReleaseId).ShouldBe(newestFirst.Select(r => r.ReleaseId), ignoreOrder: true);
        return kept.Select(r => r.ReleaseId);
    }

    private static ReleaseManifest Release(string id, int daysAgo, int? generation, bool isProved = true) => new()
    {
        ReleaseId = id,
        Commit = new string('a', 40),
        StorePath = "/nix/store/x",
        ClosureBytes = 1,
        Config = new ProjectConfig { Type = ProjectType.Static },
        BuiltAt = Now.AddDays(-daysAgo),
        Generation = generation,
        ProvedAt = isProved ? Now.AddDays(-daysAgo) : null,
    };
}
