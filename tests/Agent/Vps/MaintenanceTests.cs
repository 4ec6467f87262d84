using System.Diagnostics;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Agent.Tests.Vps;

[Collection(AgentNodeCollection.Name)]
public sealed class MaintenanceTests(AgentNode node)
{
    [VpsFact(Timeout = 300_000)]
    public async Task Installing_again_changes_nothing_and_what_is_secret_is_roots_alone()
    {
        var before = await node.Vps.RunAsync(["sha256sum", "/var/lib/vpspilot/identity.json", "/var/lib/vpspilot/sign.key", "/var/lib/vpspilot/seal.key"]);
        (await node.InstallAsync()).ShouldContain("Enrolled already as node n1");
        (await node.Vps.RunAsync(["sha256sum", "/var/lib/vpspilot/identity.json", "/var/lib/vpspilot/sign.key", "/var/lib/vpspilot/seal.key"])).ShouldBe(before);
        (await node.Vps.RunAsync(["find", "/var/lib/vpspilot", "-perm", "/077"])).Trim().ShouldBeEmpty();
        (await node.Vps.RunAsync(["systemctl", "show", "--value", "--property=ActiveState,Type,WatchdogUSec", "vpspilot-agent.service"])).Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["active", "notify", "1min"], ignoreOrder: true);
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_canceled_build_is_gone_with_everything_it_started()
    {
        var app = await node.CreateAppAsync("canceled");
        app.Config = app.Config.Replace("\"true\"", "\"(trap '' TERM HUP INT; exec -a hidden-child sleep 987) & sleep 987\"", StringComparison.Ordinal);
        await app.CommitAsync("1");
        var deployment = app.NextDeployment();
        await node.Plane.SendAsync(app.Build(deployment));
        await node.Plane.UntilAsync(() => node.Plane.Progress($"{deployment}.build.n1").Any(p => p.Stage == Stages.Compile), "compile stage");
        await Task.Delay(300);
        var sleepers = await SleepersAsync();
        (await node.Vps.RunAsync(["systemctl", "show", "--property=CPUWeight,IOWeight,TasksMax,User", $"vpspilot-build-{deployment}-compile-1.service"])).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(["CPUWeight=20", "IOWeight=20", "TasksMax=4096", "User=vpsbuild-canceled"], ignoreOrder: true);

        var clock = Stopwatch.StartNew();
        var cancel = await node.Plane.DoAsync(ControlPlaneStandIn.Command($"{deployment}.cancel.n1", new CancelCommand { TargetDeploymentId = deployment }, app.Project));
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        cancel.Outcome.ShouldBe(CommandOutcome.Succeeded);
        sleepers.ShouldBe(2);
        var result = await node.Plane.ResultAsync($"{deployment}.build.n1");
        (result.Outcome, result.Failure?.Kind).ShouldBe((CommandOutcome.Canceled, FailureKind.Canceled));
        (await SleepersAsync()).ShouldBe(0);
        (await node.Vps.RunAsync(["find", "/opt/vpspilot/cache/canceled/builds", "-mindepth", "1"])).Trim().ShouldBeEmpty();
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_canceled_activation_leaves_what_served_before()
    {
        var app = await node.CreateAppAsync("cancel-watch");
        var good = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        app.Config = app.Config.Replace("\"watch\": \"1s\"", "\"watch\": \"50s\"", StringComparison.Ordinal);
        await app.CommitAsync("2");
        var deploying = app.DeployAsync();
        await node.Plane.UntilAsync(() => node.Plane.Progress("cancel-watch-2.activate.n1").Any(p => p.Stage == Stages.Watch), "watch window");
        await node.Plane.DoAsync(ControlPlaneStandIn.Command("cancel-watch-2.cancel.n1", new CancelCommand { TargetDeploymentId = "cancel-watch-2" }, app.Project));
        var result = await deploying;
        (result.Outcome, result.Serving?.ReleaseId).ShouldBe((CommandOutcome.Canceled, good.ReleaseId));
        (await app.AskAsync(good.Port)).ShouldBe("1");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task Restart_keeps_the_release_and_heartbeats_tell_what_serves()
    {
        var app = await node.CreateAppAsync("restart");
        var before = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        var after = (await node.Plane.DoAsync(app.Other(new RestartCommand()))).Serving.ShouldNotBeNull();
        (after.ReleaseId, after.UnitState).ShouldBe((before.ReleaseId, "active"));
        after.Pid.ShouldNotBe(before.Pid);
        await node.Plane.UntilAsync(() => LastBeat()?.Serving.GetValueOrDefault("restart")?.Pid == after.Pid, "heartbeat with the new process");
        await node.Vps.RunAsync(["systemctl", "stop", "vpspilot-project-restart.service"]);
        await node.Plane.UntilAsync(() => LastBeat()?.Serving.GetValueOrDefault("restart") is { Pid: null, UnitState: "inactive" }, "heartbeat that shows the stop");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task Collecting_keeps_what_serves_and_what_can_be_gone_back_to()
    {
        var app = await node.CreateAppAsync("collected");
        app.Config = app.Config.Replace("\"watch\": \"1s\"", "\"watch\": \"0s\", \"keep_releases\": 2", StringComparison.Ordinal);
        var releases = new List<ServingRelease>();
        for (var version = 1; version <= 4; version++)
        {
            await app.CommitAsync($"{version}");
            releases.Add((await app.DeployAsync()).Serving.ShouldNotBeNull());
        }

        (await node.Plane.DoAsync(app.Other(new CollectCommand()))).Outcome.ShouldBe(CommandOutcome.Succeeded);
        var left = new List<bool>();
        foreach (var release in releases)
            left.Add((await node.Vps.ExecAsync("test", "-e", release.StorePath)).ExitCode == 0);
        left.ShouldBe([false, false, true, true]);
        (await app.AskAsync(releases[3].Port)).ShouldBe("4");
        (await node.Plane.DoAsync(app.Other(new RollBackCommand { Reason = "test" }))).Serving?.ReleaseId.ShouldBe(releases[2].ReleaseId);
        (await app.AskAsync(releases[3].Port)).ShouldBe("3");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_removed_project_leaves_an_archive_of_what_it_kept_and_nothing_else()
    {
        var app = await node.CreateAppAsync("removed");
        app.Prelude = "require('node:fs').writeFileSync(process.env.HOME + '/kept.txt', 'precious');";
        await app.CommitAsync("1");
        (await app.DeployAsync()).Outcome.ShouldBe(CommandOutcome.Succeeded);
        (await node.Plane.DoAsync(app.Other(new RemoveCommand()))).Outcome.ShouldBe(CommandOutcome.Succeeded);
        (await app.UnitAsync())["LoadState"].ShouldBe("not-found");
        (await node.Vps.RunAsync(["bash", "-c", "find /opt/vpspilot /nix/var/nix/profiles/vpspilot /etc/systemd/system -name '*removed*' -not -path '*/logs/deployments/*'"])).Trim().ShouldBe("/opt/vpspilot/backups/removed");
        (await node.Vps.RunAsync(["bash", "-c", "tar --extract --to-stdout --file /opt/vpspilot/backups/removed/*.tar.zst data/kept.txt"])).ShouldBe("precious");
        (await node.Vps.RunAsync(["bash", "-c", "cd /opt/vpspilot/backups/removed && sha256sum --check *.sha256"])).ShouldContain(": OK");
        (await node.Vps.ExecAsync("getent", "passwd", "vpspilot-removed")).ExitCode.ShouldNotBe(0);
        (await node.Plane.DoAsync(app.Other(new RemoveCommand()))).Outcome.ShouldBe(CommandOutcome.Succeeded);
    }

    private Heartbeat? LastBeat() => node.Plane.Events.Select(e => e.Body).OfType<Heartbeat>().LastOrDefault();

    private async Task<int> SleepersAsync() => int.Parse((await node.Vps.RunAsync(["bash", "-c", "grep --no-messages --text --files-with-matches --null-data --line-regexp 98[7] /proc/[0-9]*/cmdline | wc --lines"])).Trim());
}
