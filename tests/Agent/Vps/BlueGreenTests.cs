using System.Net.Sockets;
using System.Text;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Agent.Tests.Vps;

[Collection(EdgeNodeCollection.Name)]
public sealed class BlueGreenTests(EdgeNode node)
{
    [VpsFact(Timeout = 300_000)]
    public async Task Switches_and_rollbacks_drop_no_request_and_the_old_slot_is_stopped_after_its_grace()
    {
        var app = await node.CreateEdgeAppAsync("switching");
        var first = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        (first.Slot, first.AnsweredBy, first.UnitState).ShouldBe(("blue", first.ReleaseId, "active"));
        ServingRelease? second;
        await using (var client = new SteadyClient(app.EdgePort))
        {
            await app.CommitAsync("2");
            second = (await app.DeployAsync()).Serving.ShouldNotBeNull();
            (second.Slot, second.AnsweredBy).ShouldBe(("green", second.ReleaseId));
            second.Port.ShouldNotBe(first.Port);
            (await app.AskAsync(app.EdgePort)).ShouldBe("2");
            second.Traffic.ShouldNotBeNull().Answers.ShouldBeGreaterThan(20);
            var back = (await node.Plane.DoAsync(app.Other(new RollBackCommand { Reason = "test" }))).Serving.ShouldNotBeNull();
            (back.ReleaseId, back.Slot, back.AnsweredBy).ShouldBe((first.ReleaseId, "blue", first.ReleaseId));
            await client.DisposeAsync();
            client.Failed.ShouldBeEmpty();
            client.Versions.Distinct().ShouldBe(["1", "2"]);
        }

        (await node.Vps.RunAsync(["readlink", "-f", "/opt/vpspilot/projects/current/switching"])).Trim().ShouldBe(first.StorePath);
        (await node.Vps.RunAsync(["readlink", "-f", "/nix/var/nix/profiles/vpspilot/switching"])).Trim().ShouldBe(first.StorePath);
        await StoppedAsync(app, "-green");
        (await app.UnitAsync("-blue"))["ActiveState"].ShouldBe("active");
        (await node.Vps.ExecAsync("test", "-e", "/etc/systemd/system/multi-user.target.wants/vpspilot-project-switching-green.service")).ExitCode.ShouldBe(1);
    }

    [VpsFact(Timeout = 300_000)]
    public async Task The_other_slot_is_gone_back_to_while_it_runs_and_after_it_was_stopped_but_not_when_it_is_bad()
    {
        var app = await node.CreateEdgeAppAsync("other-slot");
        var first = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        var nowhere = await app.ToOtherSlotAsync();
        (nowhere.Outcome, nowhere.Serving?.Pid).ShouldBe((CommandOutcome.Failed, first.Pid));
        nowhere.Failure.ShouldNotBeNull().Message.ShouldStartWith("The green slot is empty");

        app.Config = app.Config.Replace("\"grace\": \"1s\"", "\"grace\": \"200s\"", StringComparison.Ordinal);
        await app.CommitAsync("2");
        var second = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        await using var client = new SteadyClient(app.EdgePort, 2);

        // In its grace it runs there still.
        var back = await app.ToOtherSlotAsync();
        (back.Outcome, back.Serving?.ReleaseId, back.Serving?.Slot, back.Serving?.Pid).ShouldBe((CommandOutcome.Succeeded, first.ReleaseId, "blue", first.Pid), back.Failure?.ToString());
        await StoppedAsync(app, "-green");

        // By now it is started again, from the release that it has.
        var forth = await app.ToOtherSlotAsync();
        (forth.Outcome, forth.Serving?.ReleaseId, forth.Serving?.Slot, forth.Serving?.AnsweredBy).ShouldBe((CommandOutcome.Succeeded, second.ReleaseId, "green", second.ReleaseId), forth.Failure?.ToString());
        forth.Serving!.Pid.ShouldNotBe(second.Pid);
        await client.DisposeAsync();
        client.Failed.ShouldBeEmpty();
        client.Versions.Distinct().ShouldBe(["2", "1"]);

        app.Prelude = "throw new Error('bad');";
        await app.CommitAsync("3");
        (await app.DeployAsync()).Outcome.ShouldBe(CommandOutcome.RolledBack);
        var refused = await app.ToOtherSlotAsync();
        (refused.Outcome, refused.Serving?.Pid).ShouldBe((CommandOutcome.Failed, forth.Serving.Pid));
        refused.Failure.ShouldNotBeNull().Message.ShouldContain("was given up");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_slow_request_and_an_upgraded_connection_finish_in_the_old_slot()
    {
        var app = await node.CreateEdgeAppAsync("finishing");
        await app.DeployAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", app.EdgePort);
        var stream = socket.GetStream();
        await stream.WriteAsync("GET /socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"u8.ToArray());
        (await ReadAsync(stream)).ShouldStartWith("HTTP/1.1 101");
        await stream.WriteAsync("a"u8.ToArray());
        (await ReadAsync(stream)).ShouldBe("1:a");
        await app.CommitAsync("2");
        var deployment = app.NextDeployment();
        await node.Plane.DoAsync(app.Build(deployment));
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        var slow = http.GetStringAsync($"http://127.0.0.1:{app.EdgePort}/slow/12000");
        await Task.Delay(300);
        var result = await node.Plane.DoAsync(app.Activate(deployment));
        (await app.AskAsync(app.EdgePort)).ShouldBe("2");
        node.Plane.Progress("finishing-2.activate.n1").Single(p => p is { Stage: Stages.Drain, State: StageState.Completed }).Detail.ShouldNotBeNull().ShouldContain("request(s) finish there");
        (await slow).ShouldBe("1");
        await Task.Delay(2000);
        await stream.WriteAsync("b"u8.ToArray());
        (await ReadAsync(stream)).ShouldBe("1:b");
        (await app.UnitAsync("-blue"))["ActiveState"].ShouldBe("active");
        socket.Close();
        await StoppedAsync(app, "-blue");
        result.Outcome.ShouldBe(CommandOutcome.Succeeded);
    }

    [VpsTheory(Timeout = 300_000)]
    [InlineData("bad-start", "throw new Error('no database');", Stages.Health, "Error: no database")]
    [InlineData("bad-port", "process.env.PORT = 8099;", Stages.Health, "connection refused")]
    public async Task A_release_that_does_not_become_healthy_never_has_traffic(string project, string prelude, string stage, string reason)
    {
        var app = await node.CreateEdgeAppAsync(project);
        app.Config = app.Config.Replace("\"retries\": 25", "\"retries\": 40", StringComparison.Ordinal);
        await app.CommitAsync("1");
        var good = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        await using var client = new SteadyClient(app.EdgePort, 2);
        app.Prelude = prelude;
        await app.CommitAsync("2");
        var result = await app.DeployAsync();
        result.Outcome.ShouldBe(CommandOutcome.RolledBack);
        (result.Failure?.Step, result.Serving?.ReleaseId, result.Serving?.Pid, result.Serving?.AnsweredBy).ShouldBe((stage, good.ReleaseId, good.Pid, good.ReleaseId));
        result.Failure.ShouldNotBeNull().Message.ShouldContain(reason);
        if (project == "bad-port")
            result.Failure.Hint.ShouldNotBeNull().ShouldMatch(@"It listens on 127\.0\.0\.1:8099, but \$PORT is \d+");
        await client.DisposeAsync();
        client.Failed.ShouldBeEmpty();
        client.Versions.Distinct().ShouldBe(["1"]);
        (await app.UnitAsync("-green"))["ActiveState"].ShouldNotBe("active");
    }

    [VpsTheory(Timeout = 300_000)]
    [InlineData("watch-crashing", "/crash", "exited with code 3")]
    [InlineData("watch-sickly", "/sick", "500")]
    [InlineData("watch-errors", "/broken", "answers through the edge were errors")]
    public async Task A_release_that_fails_in_its_watch_window_loses_the_traffic(string project, string path, string reason)
    {
        var app = await node.CreateEdgeAppAsync(project);
        var good = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        app.Config = app.Config.Replace("\"watch\": \"1s\"", "\"watch\": \"240s\"", StringComparison.Ordinal);
        await app.CommitAsync("2");
        var deploying = app.DeployAsync();
        await node.Plane.UntilAsync(() => node.Plane.Progress($"{project}-2.activate.n1").Any(p => p.Stage == Stages.Watch), "watch window");
        for (var i = 0; i < (path == "/broken" ? 25 : 1); i++)
            await app.AskOrNothingAsync(app.EdgePort, path);
        var result = await deploying;
        result.Outcome.ShouldBe(CommandOutcome.RolledBack);
        result.Failure.ShouldNotBeNull().Step.ShouldBe(Stages.Watch);
        result.Failure.Message.ShouldContain(reason);
        (result.Serving?.ReleaseId, result.Serving?.Pid, result.Serving?.AnsweredBy).ShouldBe((good.ReleaseId, good.Pid, good.ReleaseId));
        (await app.AskAsync(app.EdgePort)).ShouldBe("1");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task Workers_follow_the_release_and_those_of_a_bad_one_go()
    {
        var app = await node.CreateEdgeAppAsync("workers", more: """ "processes": { "mail": { "command": "node -e 'setInterval(() => {}, 1000)'" }, "clock": { "command": "node -e 'setInterval(() => {}, 1000)'", "stop_old": "before" } }, """);
        await app.DeployAsync();
        foreach (var worker in new[] { "mail", "clock" })
            (await app.UnitAsync($"-{worker}-blue"))["ActiveState"].ShouldBe("active");
        var old = (await app.UnitAsync("-mail-blue"))["MainPID"];
        app.Prelude = "throw new Error('bad');";
        await app.CommitAsync("2");
        (await app.DeployAsync()).Outcome.ShouldBe(CommandOutcome.RolledBack);
        (await app.UnitAsync("-mail-blue"))["MainPID"].ShouldBe(old);
        (await app.UnitAsync("-mail-green"))["ActiveState"].ShouldBe("inactive");

        app.Prelude = "";
        await app.CommitAsync("3");
        var third = await app.DeployAsync();
        third.Outcome.ShouldBe(CommandOutcome.Succeeded, third.Failure?.ToString());
        foreach (var worker in new[] { "mail", "clock" })
            ((await app.UnitAsync($"-{worker}-green"))["ActiveState"], (await app.UnitAsync($"-{worker}-blue"))["ActiveState"]).ShouldBe(("active", "inactive"));
        async Task<long> AtAsync(string unit, string what) => long.Parse((await app.UnitAsync(unit))[what + "EnterTimestampMonotonic"]);
        (await AtAsync("-clock-blue", "Inactive")).ShouldBeLessThanOrEqualTo(await AtAsync("-clock-green", "Active"));
        (await AtAsync("-mail-green", "Active")).ShouldBeLessThan(await AtAsync("-mail-blue", "Inactive"));
        (await node.Vps.RunAsync(["bash", "-c", "tr '\\0' '\\n' <\"/proc/$(systemctl show --value --property=MainPID vpspilot-project-workers-clock-green.service)/environ\" | grep VPSPILOT_RELEASE"])).Trim().ShouldBe("VPSPILOT_RELEASE=workers-3");

        app.Config = app.Config.Replace("node -e 'setInterval(() => {}, 1000)'\" }, \"clock\"", "node -e 'throw new Error(\\\"no queue\\\")'\" }, \"clock\"", StringComparison.Ordinal);
        await app.CommitAsync("4");
        var bad = await app.DeployAsync();
        bad.Outcome.ShouldBe(CommandOutcome.RolledBack);
        bad.Failure.ShouldNotBeNull().Message.ShouldContain("no queue");
        foreach (var worker in new[] { "mail", "clock" })
            ((await app.UnitAsync($"-{worker}-green"))["ActiveState"], (await app.UnitAsync($"-{worker}-blue"))["ActiveState"]).ShouldBe(("active", "inactive"));
    }

    private async Task StoppedAsync(AppUnderTest app, string slot)
    {
        for (var i = 0; i < 100 && (await app.UnitAsync(slot))["ActiveState"] != "inactive"; i++)
            await Task.Delay(200);
        (await app.UnitAsync(slot))["ActiveState"].ShouldBe("inactive");
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var buffer = new byte[4096];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, limit.Token)).Trim();
    }
}
