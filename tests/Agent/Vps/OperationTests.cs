using System.Diagnostics;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Agent.Tests.Vps;

[Collection(AgentNodeCollection.Name)]
public sealed class OperationTests(AgentNode node)
{
    [VpsFact(Timeout = 300_000)]
    public async Task Status_tells_units_and_stop_holds_until_a_restart()
    {
        var app = await node.CreateAppAsync("stopped");
        var serving = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        var status = await node.Plane.DoAsync(app.Other(new StatusCommand()));
        var unit = status.Units.ShouldNotBeNull().Where(u => u.State == "active").ShouldHaveSingleItem();
        (unit.Process, unit.Pid, unit.ReleaseId, unit.Restarts).ShouldBe(("web", serving.Pid, serving.ReleaseId, 0));
        unit.MemoryBytes.ShouldNotBeNull().ShouldBeGreaterThan(5_000_000);

        var stopped = await node.Plane.DoAsync(app.Other(new StopCommand()));
        (stopped.Outcome, stopped.Serving?.Pid, stopped.Serving?.IsStopped).ShouldBe((CommandOutcome.Succeeded, null, true));
        (await node.Vps.ExecAsync("systemctl", "is-enabled", unit.Unit)).Output.Trim().ShouldBe("disabled");
        (await node.Plane.DoAsync(app.Other(new StatusCommand()))).Units.ShouldNotBeNull().ShouldAllBe(u => u.State == "inactive");

        var started = await node.Plane.DoAsync(app.Other(new RestartCommand()));
        (started.Outcome, started.Serving?.ReleaseId).ShouldBe((CommandOutcome.Succeeded, serving.ReleaseId));
        (await node.Vps.ExecAsync("systemctl", "is-enabled", unit.Unit)).Output.Trim().ShouldBe("enabled");
        (await app.AskAsync(started.Serving!.Port)).ShouldBe("1");

        // By hand on the node it is no stop that anybody asked for.
        await node.Vps.RunAsync(["systemctl", "stop", unit.Unit]);
        (await node.Plane.DoAsync(app.Other(new StatusCommand()))).Serving.ShouldNotBeNull().ShouldSatisfyAllConditions(s => s.Pid.ShouldBeNull(), s => s.IsStopped.ShouldBeNull());
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_restart_may_bring_new_values()
    {
        var app = await node.CreateAppAsync("renewed");
        app.Config = app.Config.Replace("\"start\":", """ "env": { "SECRET": "{{SECRET}}" }, "start":""", StringComparison.Ordinal);
        app.Prelude = "if (process.env.SECRET === 'bad-value') process.exit(4);";
        await app.CommitAsync("1");
        (await app.DeployAsync(new() { ["SECRET"] = "old-value" })).Outcome.ShouldBe(CommandOutcome.Succeeded);
        var command = app.Other(new RestartCommand());
        var result = await node.Plane.DoAsync(command with { Body = new RestartCommand { Environment = app.Sealed(new() { ["SECRET"] = "new-value" }, command.CommandId) } });
        result.Outcome.ShouldBe(CommandOutcome.Succeeded, result.Failure?.ToString());
        (await app.AskAsync(result.Serving!.Port, "/env")).ShouldContain("\"SECRET\":\"new-value\"");

        command = app.Other(new RestartCommand());
        result = await node.Plane.DoAsync(command with { Body = new RestartCommand { Environment = app.Sealed(new() { ["SECRET"] = "bad-value" }, command.CommandId) } });
        result.Outcome.ShouldBe(CommandOutcome.Failed);
        result.Failure.ShouldNotBeNull().Message.ShouldEndWith("; the app goes on with the values it had");
        (await app.AskAsync(result.Serving!.Port, "/env")).ShouldContain("\"SECRET\":\"new-value\"");
        (await node.Vps.RunAsync(["bash", "-c", "find /opt/vpspilot/projects/renewed/releases -name '.env*'"])).Trim().ShouldEndWith("/.env");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task Logs_come_with_their_end_and_are_followed_without_secrets()
    {
        var app = await node.CreateAppAsync("talking");
        app.Prelude = "let n = 0; console.log('hello'); setInterval(() => console.log('tick ' + n++ + ' ' + process.env.SECRET), 100);";
        app.Config = app.Config.Replace("\"start\":", """ "env": { "SECRET": "{{SECRET}}" }, "start":""", StringComparison.Ordinal);
        await app.CommitAsync("1");
        (await app.DeployAsync(new() { ["SECRET"] = "hush-hush" })).Outcome.ShouldBe(CommandOutcome.Succeeded);

        var (tail, tailLog) = Logged(app, new LogsCommand { Lines = 3 });
        (await node.Plane.DoAsync(tail)).Outcome.ShouldBe(CommandOutcome.Succeeded);
        node.Plane.Log(tailLog).Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldSatisfyAllConditions(l => l.Length.ShouldBe(3), l => l.ShouldAllBe(line => line.StartsWith("tick ", StringComparison.Ordinal) && line.EndsWith(" [redacted]", StringComparison.Ordinal)));

        var (follow, log) = Logged(app, new LogsCommand { Lines = 0, Follow = TimeSpan.FromMinutes(1), Process = "web" });
        await node.Plane.SendAsync(follow);
        await node.Plane.UntilAsync(() => node.Plane.Log(log).Split('\n').Length > 20, "twenty lines");
        await node.Plane.DoAsync(ControlPlaneStandIn.Command($"{log}.cancel.n1", new CancelCommand { TargetDeploymentId = log }, app.Project));
        (await node.Plane.ResultAsync(follow.CommandId)).Outcome.ShouldBe(CommandOutcome.Canceled);
        node.Plane.Log(log).ShouldNotContain("hush");
        (await node.Plane.DoAsync(app.Other(new LogsCommand { Process = "nobody" }))).Failure.ShouldNotBeNull().Message.ShouldContain("no process 'nobody'");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_command_runs_as_the_app_in_its_release_with_its_values_and_streams_its_output()
    {
        var app = await node.CreateAppAsync("running");
        app.Config = app.Config.Replace("\"start\":", """ "env": { "GREETING": "good day" }, "commands": { "greet": "echo \"$GREETING from $(node -p 'process.env.VPSPILOT_RELEASE')\"; id -un; touch made-it || touch ~/made-it; exit 5" }, "start":""", StringComparison.Ordinal);
        await app.CommitAsync("1");
        var serving = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        var (named, log) = Logged(app, new RunCommand { CommandLine = "greet", IsNamed = true });
        var result = await node.Plane.DoAsync(named);
        (result.Outcome, result.ExitCode).ShouldBe((CommandOutcome.Failed, 5));
        node.Plane.Log(log).ShouldContain($"good day from {serving.ReleaseId}\nvpspilot-running\n");
        (await node.Vps.ExecAsync("test", "-e", "/opt/vpspilot/projects/running/data/made-it")).ExitCode.ShouldBe(0);
        (await app.AskAsync(serving.Port)).ShouldBe("1");

        (await node.Plane.DoAsync(app.Other(new RunCommand { CommandLine = "node --version" }))).ExitCode.ShouldBe(0);
        var (printed, environment) = Logged(app, new RunCommand { CommandLine = "env" });
        (await node.Plane.DoAsync(printed)).ExitCode.ShouldBe(0);
        node.Plane.Log(environment).Split('\n').ShouldSatisfyAllConditions(
            l => l.ShouldContain("NODE_ENV=production"), l => l.ShouldContain("VPSPILOT_DATA=/opt/vpspilot/projects/running/data"), l => l.ShouldContain("HOME=/opt/vpspilot/projects/running/data"));
        (await node.Plane.DoAsync(app.Other(new RunCommand { CommandLine = "nope", IsNamed = true }))).Failure.ShouldNotBeNull().Hint.ShouldBe("There are: greet.");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_running_command_is_canceled_with_all_it_started_and_is_not_begun_again_after_a_crash()
    {
        var app = await node.CreateAppAsync("run-end");
        await app.DeployAsync();
        var (first, log) = Logged(app, new RunCommand { CommandLine = "(trap '' TERM INT HUP; exec sleep 986) & echo started; sleep 986" });
        await node.Plane.SendAsync(first);
        await node.Plane.UntilAsync(() => node.Plane.Log(log).Contains("started\n", StringComparison.Ordinal), "output");
        var clock = Stopwatch.StartNew();
        await node.Plane.DoAsync(ControlPlaneStandIn.Command($"{log}.cancel.n1", new CancelCommand { TargetDeploymentId = log }, app.Project));
        (await node.Plane.ResultAsync(first.CommandId)).Outcome.ShouldBe(CommandOutcome.Canceled);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        (await node.Vps.RunAsync(["bash", "-c", "grep --no-messages --text --files-with-matches --null-data --line-regexp 98[6] /proc/[0-9]*/cmdline | wc --lines"])).Trim().ShouldBe("0");

        var (second, secondLog) = Logged(app, new RunCommand { CommandLine = "echo x >> ~/times; echo started; sleep 985" });
        await node.Plane.SendAsync(second);
        await node.Plane.UntilAsync(() => node.Plane.Log(secondLog).Contains("started\n", StringComparison.Ordinal), "output");
        await node.KillAgentAsync();
        (await node.Plane.ResultAsync(second.CommandId)).Failure.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Lost);
        (await node.Vps.RunAsync(["cat", "/opt/vpspilot/projects/run-end/data/times"])).ShouldBe("x");
        (await node.Vps.RunAsync(["systemctl", "list-units", "--no-legend", "vpspilot-run-*"])).Trim().ShouldBeEmpty();
    }

    [VpsFact(Timeout = 300_000)]
    public async Task The_doctor_finds_a_stranger_on_an_apps_port_and_failed_units()
    {
        var app = await node.CreateAppAsync("sick-port");
        var port = (await app.DeployAsync()).Serving.ShouldNotBeNull().Port;
        var well = await DoctorAsync();
        well.Select(f => f.Check).Distinct().ShouldBe(["disk", "nix", "systemd", "clock", "ports", "edge"], ignoreOrder: true);
        well.Where(f => f.Check is "nix" or "clock" or "disk").ShouldAllBe(f => f.State != FindingState.Error);
        well.ShouldAllBe(f => f.Remedy != null || f.State == FindingState.Ok);

        await node.Plane.DoAsync(app.Other(new StopCommand()));
        await node.Vps.RunAsync(["systemd-run", "--unit=stranger", "python3", "-m", "http.server", "--bind", "127.0.0.1", $"{port}"]);
        await node.Vps.ExecAsync("systemd-run", "--unit=broken-thing", "--wait", "false");
        try
        {
            await node.Vps.RunAsync(["curl", "--silent", "--output", "/dev/null", "--retry", "20", "--retry-connrefused", "--retry-delay", "1", $"http://127.0.0.1:{port}/"]);
            var found = await DoctorAsync();
            found.Single(f => f.Check == "ports").ShouldSatisfyAllConditions(f => f.State.ShouldBe(FindingState.Error), f => f.Message.ShouldStartWith($"Port {port} of the project sick-port is in use by python3 (process "));
            found.Single(f => f.Check == "systemd").Message.ShouldContain("broken-thing.service");
        }
        finally
        {
            await node.Vps.ExecAsync("systemctl", "stop", "stranger.service");
            await node.Vps.ExecAsync("systemctl", "reset-failed");
        }

        await node.Plane.DoAsync(app.Other(new RestartCommand()));
    }

    private async Task<IReadOnlyList<Finding>> DoctorAsync()
    {
        var result = await node.Plane.DoAsync(ControlPlaneStandIn.Command($"doctor-{Guid.NewGuid():N}"[..15] + ".doctor.n1", new DoctorCommand()) with { ProjectId = null });
        return result.Findings.ShouldNotBeNull();
    }

    /// <summary>A command whose log is taken by the control plane, and the name of that log.</summary>
    private (CommandEnvelope Command, string Log) Logged(AppUnderTest app, Command body)
    {
        var command = app.Other(body);
        node.Plane.LogsKept.Add(command.DeploymentId!);
        return (command, command.DeploymentId!);
    }
}
