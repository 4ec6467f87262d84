using System.Text.Json;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Agent.Tests.Vps;

[Collection(AgentNodeCollection.Name)]
public sealed class ActivationTests(AgentNode node)
{
    [VpsFact(Timeout = 300_000)]
    public async Task A_release_serves_with_its_own_user_hardening_and_exact_environment()
    {
        var app = await node.CreateAppAsync("env");
        app.Config = """{ "type": "nodejs", "runtime": { "node": "20" }, "build": { "commands": ["test \"$SECRET\" = \"$(cat expected)\"", "echo \"the secret is $SECRET\" >&2; exit 0"] }, "env": { "SECRET": "{{SECRET}}", "LITERAL": "50% \"$HOME\" \\ `x`", "PORT": "1" }, "start": { "command": "node server.js" }, "resources": { "memory_max": "256M", "cpu_quota": 80, "tasks_max": 99 }, "deployment": { "watch": "1s" } }""";
        const string Secret = "p$w\"d'\\`%h\n second line \r\t#end";
        await File.WriteAllTextAsync(Path.Combine(app.Repository.Path, "expected"), Secret);
        await app.CommitAsync("1");
        var result = await app.DeployAsync(new Dictionary<string, string> { ["SECRET"] = Secret });
        result.Outcome.ShouldBe(CommandOutcome.Succeeded, result.Failure?.ToString());

        var serving = result.Serving.ShouldNotBeNull();
        (serving.Generation, serving.UnitState).ShouldBe((1, "active"));
        var environment = JsonSerializer.Deserialize<Dictionary<string, string>>(await app.AskAsync(serving.Port, "/env")).ShouldNotBeNull();
        environment["SECRET"].ShouldBe(Secret);
        environment["LITERAL"].ShouldBe("50% \"$HOME\" \\ `x`");
        environment["PORT"].ShouldBe($"{serving.Port}");
        environment["VPSPILOT_RELEASE"].ShouldBe(serving.ReleaseId);
        environment["VPSPILOT_PROJECT"].ShouldBe("env");

        var unit = await app.UnitAsync();
        unit["MainPID"].ShouldBe($"{serving.Pid}");
        (unit["User"], unit["NoNewPrivileges"], unit["ProtectSystem"], unit["Restart"]).ShouldBe(("vpspilot-env", "yes", "strict", "always"));
        (unit["MemoryMax"], unit["CPUQuotaPerSecUSec"], unit["TasksMax"]).ShouldBe(("268435456", "800ms", "99"));
        var file = $"/opt/vpspilot/projects/env/releases/{serving.ReleaseId}/.env";
        (await node.Vps.RunAsync(["stat", "--format=%a %U", file])).Trim().ShouldBe("600 vpspilot-env");
        (await node.Vps.RunAsync(["cat", $"/opt/vpspilot/logs/deployments/{serving.ReleaseId}.log"])).ShouldContain("the secret is [redacted]");
        var exposure = (await node.Vps.RunAsync(["systemd-analyze", "security", "--no-pager", "vpspilot-project-env.service"])).Split('\n').Single(l => l.Contains("Overall exposure", StringComparison.Ordinal));
        double.Parse(exposure.Split(": ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture).ShouldBeLessThanOrEqualTo(3.0);
    }

    [VpsFact(Timeout = 300_000)]
    public async Task Each_release_is_a_generation_and_can_be_gone_back_to()
    {
        var app = await node.CreateAppAsync("generations");
        var first = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        await app.CommitAsync("2");
        var second = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        await app.CommitAsync("3");
        var third = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        new[] { first.Generation, second.Generation, third.Generation }.ShouldBe([1, 2, 3]);
        (await app.AskAsync(third.Port)).ShouldBe("3");

        var other = await node.Plane.DoAsync(app.Other(new RollBackCommand { Reason = "test", IfServing = second.ReleaseId }));
        (other.Outcome, other.Serving?.Pid).ShouldBe((CommandOutcome.Succeeded, third.Pid));

        var back = await node.Plane.DoAsync(app.Other(new RollBackCommand { Reason = "test", IfServing = third.ReleaseId }));
        (back.Outcome, back.Serving?.ReleaseId, back.Serving?.Generation).ShouldBe((CommandOutcome.Succeeded, second.ReleaseId, 2));
        (await app.AskAsync(third.Port)).ShouldBe("2");
        (await node.Vps.RunAsync(["readlink", "-f", "/nix/var/nix/profiles/vpspilot/generations"])).Trim().ShouldBe(second.StorePath);
        (await node.Vps.RunAsync(["readlink", "-f", "/opt/vpspilot/projects/current/generations"])).Trim().ShouldBe(second.StorePath);

        var again = await node.Plane.DoAsync(app.Other(new RollBackCommand { Reason = "test", Generation = 2 }));
        again.Serving?.Pid.ShouldBe(back.Serving?.Pid);
        (await node.Plane.DoAsync(app.Other(new RollBackCommand { Reason = "test", Generation = 1 }))).Serving?.ReleaseId.ShouldBe(first.ReleaseId);
        var none = await node.Plane.DoAsync(app.Other(new RollBackCommand { Reason = "test" }));
        (none.Outcome, none.Serving?.ReleaseId).ShouldBe((CommandOutcome.Failed, first.ReleaseId));
        none.Failure.ShouldNotBeNull().Hint.ShouldNotBeNull().ShouldContain("generation 3");
        (await node.Plane.DoAsync(app.Other(new RollBackCommand { Reason = "test", ReleaseId = third.ReleaseId }))).Serving?.Generation.ShouldBe(3);
        (await app.AskAsync(third.Port)).ShouldBe("3");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_release_that_crashes_at_start_goes_back_with_the_reason()
    {
        var app = await node.CreateAppAsync("crashing");
        var good = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        app.Prelude = "throw new Error('no database');";
        await app.CommitAsync("2");
        var result = await app.DeployAsync();
        result.Outcome.ShouldBe(CommandOutcome.RolledBack);
        var failure = result.Failure.ShouldNotBeNull();
        (failure.Step, failure.Kind, failure.ExitCode).ShouldBe((Stages.Health, FailureKind.Unhealthy, 1));
        failure.Message.ShouldBe($"The app exited with code 1 before it answered on port {good.Port}: Error: no database");
        failure.StderrTail.ShouldNotBeNull().ShouldContain("server.js:1");
        (result.Serving?.ReleaseId, result.Serving?.Generation).ShouldBe((good.ReleaseId, 1));
        (await app.AskAsync(good.Port)).ShouldBe("1");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_first_release_that_is_bad_is_stopped_and_nothing_serves()
    {
        var app = await node.CreateAppAsync("first-bad");
        app.Prelude = "setInterval(() => {}, 1000); if (1) return;";
        app.Config = app.Config.Replace("\"retries\": 25", "\"retries\": 5", StringComparison.Ordinal);
        await app.CommitAsync("1");
        var result = await app.DeployAsync();
        (result.Outcome, result.Serving).ShouldBe((CommandOutcome.Failed, null));
        result.Failure.ShouldNotBeNull().Message.ShouldContain("GET / on port");
        result.Failure.Message.ShouldEndWith("connection refused");
        result.Failure.Hint.ShouldNotBeNull().ShouldContain("$PORT");
        (await app.UnitAsync())["LoadState"].ShouldBe("not-found");
    }

    [VpsTheory(Timeout = 300_000)]
    [InlineData("watch-crash", "/crash", "exited with code 3")]
    [InlineData("watch-sick", "/sick", "500")]
    public async Task A_release_that_fails_in_its_watch_window_goes_back(string project, string path, string reason)
    {
        var app = await node.CreateAppAsync(project);
        var good = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        app.Config = app.Config.Replace("\"watch\": \"1s\"", "\"watch\": \"30s\"", StringComparison.Ordinal);
        await app.CommitAsync("2");
        var deploying = app.DeployAsync();
        await node.Plane.UntilAsync(() => node.Plane.Progress($"{project}-2.activate.n1").Any(p => p.Stage == Stages.Watch), "watch window");
        await app.AskOrNothingAsync(good.Port, path);
        var result = await deploying;
        result.Outcome.ShouldBe(CommandOutcome.RolledBack);
        result.Failure.ShouldNotBeNull().Step.ShouldBe(Stages.Watch);
        result.Failure.Message.ShouldContain(reason);
        (await app.AskAsync(good.Port)).ShouldBe("1");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task Release_commands_run_in_the_new_closure_before_any_traffic_and_a_failure_touches_nothing()
    {
        var app = await node.CreateAppAsync("release");
        app.Config = app.Config.Replace("\"start\":", "\"release\": { \"commands\": [\"test -f server.js; node -e 'require(\\\"fs\\\").appendFileSync(process.env.HOME + \\\"/ran\\\", process.env.VPSPILOT_RELEASE + \\\"\\\\n\\\")'\"] }, \"start\":", StringComparison.Ordinal);
        await app.CommitAsync("1");
        var good = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        (await node.Vps.RunAsync(["cat", "/opt/vpspilot/projects/release/data/ran"])).Trim().ShouldBe(good.ReleaseId);
        app.Config = app.Config.Replace("test -f server.js;", "exit 9;", StringComparison.Ordinal);
        await app.CommitAsync("2");
        var result = await app.DeployAsync();
        (result.Outcome, result.Failure?.Step, result.Failure?.ExitCode).ShouldBe((CommandOutcome.Failed, Stages.Release, 9));
        result.Serving?.Pid.ShouldBe(good.Pid);
    }
}
