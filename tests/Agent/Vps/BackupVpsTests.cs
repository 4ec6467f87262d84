using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Agent.Tests.Vps;

/// <summary>Archives before each change, and the way back to the last one.</summary>
[Collection(AgentNodeCollection.Name)]
public sealed class BackupVpsTests(AgentNode node)
{
    private const string Writing = "const fs = require('node:fs'); fs.mkdirSync(process.env.HOME + '/uploads', { recursive: true }); fs.appendFileSync(process.env.HOME + '/uploads/notes', process.env.SECRET + '\\n');";

    [VpsFact(Timeout = 300_000)]
    public async Task The_last_archive_brings_release_data_and_values_back_and_raises_an_alert()
    {
        var (app, first, result) = await DeployTwiceAsync("restored");
        var archive = result.Backups.ShouldNotBeNull().ShouldHaveSingleItem();
        (archive.ReleaseId, archive.Commit).ShouldBe((first.ReleaseId, first.Commit));
        (await node.Vps.RunAsync(["bash", "-c", "cd /opt/vpspilot/backups/restored && sha256sum --check *.sha256"])).ShouldBe($"{archive.Id}.tar.zst: OK");
        (await node.Vps.RunAsync(["cat", "/opt/vpspilot/projects/restored/data/uploads/notes"])).ShouldBe("one\ntwo");

        var command = app.Other(new RollBackCommand { Reason = "All is lost.", FromBackup = true });
        var back = await node.Plane.DoAsync(command);
        back.Outcome.ShouldBe(CommandOutcome.Succeeded, back.Failure?.ToString());
        back.Serving?.ReleaseId.ShouldBe(first.ReleaseId);
        (await app.AskAsync(back.Serving!.Port)).ShouldBe("1");

        // The restored app has written its own line again, with the value that was archived.
        (await node.Vps.RunAsync(["cat", "/opt/vpspilot/projects/restored/data/uploads/notes"])).ShouldBe("one\none");
        (await node.Vps.RunAsync(["stat", "--format=%U", "/opt/vpspilot/projects/restored/data/uploads/notes"])).Trim().ShouldBe("vpspilot-restored");
        (await node.Vps.RunAsync(["stat", "--format=%a %U", $"/opt/vpspilot/projects/restored/releases/{first.ReleaseId}/.env"])).Trim().ShouldBe("600 vpspilot-restored");
        (await node.Vps.RunAsync(["bash", "-c", "tar --extract --to-stdout --file $(ls -t /opt/vpspilot/backups/restored/*.tar.zst | head -n 1) data/uploads/notes"])).ShouldBe("one\ntwo");
        await node.Plane.UntilAsync(() => AlertsOf(command).Any(), "alert");
        AlertsOf(command).First().ShouldSatisfyAllConditions(a => a.Code.ShouldBe("restored-from-backup"), a => a.Message.ShouldContain("All is lost."));

        await node.Plane.SendAsync(command);
        (await node.Plane.ResultAsync(command.CommandId, nth: 2)).Serving?.Pid.ShouldBe(back.Serving.Pid);
    }

    [VpsFact(Timeout = 300_000)]
    public async Task An_agent_killed_while_it_restores_finishes_it()
    {
        var (app, first, _) = await DeployTwiceAsync("restore-killed");
        var command = app.Other(new RollBackCommand { Reason = "test", FromBackup = true });
        await node.Plane.SendAsync(command);
        await node.Plane.UntilAsync(() => node.Plane.Progress(command.CommandId).Any(p => p.Stage == Stages.Restore), "restore stage");
        await node.KillAgentAsync();
        var back = await node.Plane.ResultAsync(command.CommandId);
        (back.Outcome, back.Serving?.ReleaseId).ShouldBe((CommandOutcome.Succeeded, first.ReleaseId));
        (await node.Vps.RunAsync(["head", "--lines=2", "/opt/vpspilot/projects/restore-killed/data/uploads/notes"])).ShouldBe("one\none");
        (await node.Vps.RunAsync(["ls", "/opt/vpspilot/projects/restore-killed"])).Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldNotContain(f => f.StartsWith("replaced", StringComparison.Ordinal) || f == "restore");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_damaged_archive_touches_nothing()
    {
        var (app, _, result) = await DeployTwiceAsync("restore-damaged");
        await node.Vps.RunAsync(["bash", "-c", "echo damage >> /opt/vpspilot/backups/restore-damaged/*.tar.zst"]);
        var back = await node.Plane.DoAsync(app.Other(new RollBackCommand { Reason = "test", FromBackup = true }));
        (back.Outcome, back.Serving?.Pid).ShouldBe((CommandOutcome.Failed, result.Serving?.Pid));
        back.Failure.ShouldNotBeNull().Message.ShouldContain("is damaged");
        (await node.Vps.RunAsync(["cat", "/opt/vpspilot/projects/restore-damaged/data/uploads/notes"])).ShouldBe("one\ntwo");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task Archives_are_kept_as_many_as_asked_and_a_rollback_takes_a_commit_and_new_values()
    {
        var (app, first, _) = await DeployTwiceAsync("kept", """ "backups": { "keep": 2 },""");
        for (var version = 3; version <= 4; version++)
        {
            await app.CommitAsync($"{version}");
            (await app.DeployAsync(Value("more"))).Backups.ShouldNotBeNull().Count.ShouldBe(2);
        }

        var command = app.Other(new RollBackCommand { Reason = "test", Commit = first.Commit });
        var back = await node.Plane.DoAsync(command with { Body = (RollBackCommand)command.Body with { Environment = app.Sealed(Value("renewed"), command.CommandId) } });
        (back.Outcome, back.Serving?.ReleaseId).ShouldBe((CommandOutcome.Succeeded, first.ReleaseId));
        (await node.Vps.RunAsync(["tail", "--lines=1", "/opt/vpspilot/projects/kept/data/uploads/notes"])).ShouldBe("renewed");
        var gone = await node.Plane.DoAsync(app.Other(new RollBackCommand { Reason = "test", Commit = new string('e', 40) }));
        (gone.Outcome, gone.Serving?.Pid).ShouldBe((CommandOutcome.Failed, back.Serving?.Pid));
        gone.Failure.ShouldNotBeNull().Message.ShouldBe("No release of the commit eeeeeeeeeeee is on this node.");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_rollback_archives_what_it_leaves_and_an_emergency_goes_back_behind_it()
    {
        var (app, first, second) = await DeployTwiceAsync("left");
        var command = app.Other(new RollBackCommand { Reason = "test" });
        var back = await node.Plane.DoAsync(command);
        (back.Outcome, back.Serving?.ReleaseId).ShouldBe((CommandOutcome.Succeeded, first.ReleaseId), back.Failure?.ToString());
        back.Backups.ShouldNotBeNull().Select(b => b.ReleaseId).ShouldBe([second.Serving!.ReleaseId, first.ReleaseId]);
        node.Plane.Progress(command.CommandId).ShouldContain(p => p.Stage == Stages.Backup && p.State == StageState.Completed);
        (await node.Vps.RunAsync(["bash", "-c", $"tar --extract --to-stdout --file /opt/vpspilot/backups/left/{back.Backups[0].Id}.tar.zst data/uploads/notes"])).ShouldBe("one\ntwo");

        var restored = await node.Plane.DoAsync(app.Other(new RollBackCommand { Reason = "test", FromBackup = true }));
        (restored.Outcome, restored.Serving?.ReleaseId).ShouldBe((CommandOutcome.Succeeded, first.ReleaseId), restored.Failure?.ToString());
        (await node.Vps.RunAsync(["cat", "/opt/vpspilot/projects/left/data/uploads/notes"])).ShouldBe("one\none");
    }

    private async Task<(AppUnderTest App, ServingRelease First, CommandResult Second)> DeployTwiceAsync(string project, string more = "")
    {
        var app = await node.CreateAppAsync(project);
        app.Config = app.Config.Replace("\"start\":", more + """ "env": { "SECRET": "{{SECRET}}" }, "start":""", StringComparison.Ordinal);
        app.Prelude = Writing;
        await app.CommitAsync("1");
        var first = await app.DeployAsync(Value("one"));
        first.Outcome.ShouldBe(CommandOutcome.Succeeded, first.Failure?.ToString());
        await app.CommitAsync("2");
        var second = await app.DeployAsync(Value("two"));
        second.Outcome.ShouldBe(CommandOutcome.Succeeded, second.Failure?.ToString());
        return (app, first.Serving.ShouldNotBeNull(), second);
    }

    private static Dictionary<string, string> Value(string secret) => new(StringComparer.Ordinal) { ["SECRET"] = secret };

    private IEnumerable<Alert> AlertsOf(CommandEnvelope command) => node.Plane.Events.Where(e => e.CommandId == command.CommandId).Select(e => e.Body).OfType<Alert>();
}
