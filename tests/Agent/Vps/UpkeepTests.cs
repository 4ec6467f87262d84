using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Agent.Tests.Vps;

/// <summary>What keeps a box healthy over months: logs that do not fill it, builds that do not hold up others, an agent that comes back.</summary>
[Collection(AgentNodeCollection.Name)]
public sealed class UpkeepTests(AgentNode node)
{
    [VpsFact(Timeout = 300_000)]
    public async Task A_log_is_put_aside_while_the_app_goes_on_writing_to_it()
    {
        var app = await node.CreateAppAsync("wordy");
        app.Prelude = "console.log('x'.repeat(1500000)); setInterval(() => console.log('still here'), 50);";
        await app.CommitAsync("1");
        (await app.DeployAsync()).Outcome.ShouldBe(CommandOutcome.Succeeded);
        await node.Vps.RunAsync(["bash", "-c", "for i in {1..45}; do ls /opt/vpspilot/logs/wordy*.log.1 2>/dev/null && exit 0; sleep 1; done; exit 1"]);
        await node.Vps.RunAsync(["sleep", "1"]);
        var sizes = (await node.Vps.RunAsync(["bash", "-c", "stat --format=%s /opt/vpspilot/logs/wordy*.log.1; stat --format=%s $(ls /opt/vpspilot/logs/wordy*.log.1 | sed 's/.1$//')"])).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).ToList();
        sizes[0].ShouldBeGreaterThan(1_500_000);
        sizes[1].ShouldBeInRange(1, 100_000);
        (await node.Vps.RunAsync(["bash", "-c", "head -c 5 $(ls /opt/vpspilot/logs/wordy*.log.1 | sed 's/.1$//')"])).ShouldBe("still");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task Builds_wait_for_each_other_and_activations_of_other_projects_do_not()
    {
        var slow = await node.CreateAppAsync("slow-build");
        slow.Config = slow.Config.Replace("\"true\"", "\"sleep 984\"", StringComparison.Ordinal);
        await slow.CommitAsync("1");
        var quick = await node.CreateAppAsync("quick");
        var (built, next) = (quick.NextDeployment(), quick.NextDeployment());
        (await node.Plane.DoAsync(quick.Build(built))).Outcome.ShouldBe(CommandOutcome.Succeeded);

        var building = slow.NextDeployment();
        await node.Plane.SendAsync(slow.Build(building));
        await node.Plane.UntilAsync(() => node.Plane.Progress($"{building}.build.n1").Any(p => p.Stage == Stages.Compile), "compile stage");
        await node.Plane.SendAsync(quick.Build(next));
        (await node.Plane.DoAsync(quick.Activate(built))).Outcome.ShouldBe(CommandOutcome.Succeeded);
        node.Plane.Results($"{building}.build.n1").ShouldBeEmpty();
        node.Plane.Progress($"{next}.build.n1").ShouldBeEmpty();

        await node.Plane.DoAsync(ControlPlaneStandIn.Command($"{building}.cancel.n1", new CancelCommand { TargetDeploymentId = building }, slow.Project));
        (await node.Plane.ResultAsync($"{next}.build.n1")).Outcome.ShouldBe(CommandOutcome.Succeeded);
    }

    [VpsFact(Timeout = 300_000)]
    public async Task An_agent_that_hangs_is_restarted_by_its_watchdog_and_a_command_gets_through()
    {
        await node.Vps.RunAsync(["mkdir", "-p", "/run/systemd/system/vpspilot-agent.service.d"]);
        await node.Vps.WriteFileAsync("/run/systemd/system/vpspilot-agent.service.d/test.conf", "[Service]\nWatchdogSec=4\nTimeoutAbortSec=1\n");
        await node.Vps.RunAsync(["systemctl", "daemon-reload"]);
        await node.Vps.RunAsync(["systemctl", "restart", "vpspilot-agent.service"]);
        try
        {
            var before = (await node.Vps.RunAsync(["systemctl", "show", "--value", "--property=MainPID", "vpspilot-agent.service"])).Trim();
            await node.Vps.RunAsync(["kill", "-STOP", before]);
            var inspect = ControlPlaneStandIn.Command("hang-1.inspect.n1", new InspectCommand()) with { ProjectId = null };
            (await node.Plane.DoAsync(inspect)).Outcome.ShouldBe(CommandOutcome.Succeeded);
            (await node.Vps.RunAsync(["systemctl", "show", "--value", "--property=MainPID", "vpspilot-agent.service"])).Trim().ShouldNotBe(before);
            (await node.Vps.RunAsync(["journalctl", "--unit=vpspilot-agent", "--output=cat", "--no-pager"])).ShouldContain("Watchdog timeout");
        }
        finally
        {
            await node.Vps.RunAsync(["rm", "/run/systemd/system/vpspilot-agent.service.d/test.conf"]);
            await node.Vps.RunAsync(["systemctl", "daemon-reload"]);
            await node.Vps.RunAsync(["systemctl", "restart", "vpspilot-agent.service"]);
        }
    }
}
