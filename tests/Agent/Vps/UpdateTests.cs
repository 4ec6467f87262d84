using System.Diagnostics;
using System.Security.Cryptography;
using VpsPilot.Agent.Hosting;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Agent.Tests.Vps;

/// <summary>The agent replaces itself, and comes back when the new one is bad.</summary>
[Collection(AgentNodeCollection.Name)]
public sealed class UpdateTests(AgentNode node) : IDisposable
{
    private readonly TempFolder folder = new();

    [VpsFact(Timeout = 300_000)]
    public async Task A_good_agent_takes_over_and_reports()
    {
        // An ELF file runs as before with some bytes at its end; it is another file, and so another agent.
        var good = folder["good"];
        await File.WriteAllBytesAsync(good, [.. await File.ReadAllBytesAsync(AgentNode.Artifact("linux-x64/vpspilot-agent")), .. "another one"u8]);
        var before = await PidAsync();
        var command = Offer(good, AgentVersion.Current);
        (await node.Plane.DoAsync(command)).ShouldSatisfyAllConditions(r => r.Failure.ShouldBeNull(), r => r.Outcome.ShouldBe(CommandOutcome.Succeeded));
        (await PidAsync()).ShouldNotBe(before);
        (await node.Vps.RunAsync(["sha256sum", "/usr/local/bin/vpspilot-agent"])).ShouldStartWith(((UpdateAgentCommand)command.Body).Sha256);
        await TimerIsGoneAsync();
        (await node.Vps.ExecAsync("test", "-e", "/var/lib/vpspilot/update.json")).ExitCode.ShouldBe(1);

        // The same binary again: there is nothing to do.
        var after = await PidAsync();
        (await node.Plane.DoAsync(Offer(good, AgentVersion.Current))).Outcome.ShouldBe(CommandOutcome.Succeeded);
        (await PidAsync()).ShouldBe(after);
    }

    [VpsTheory(Timeout = 300_000)]
    [InlineData("crashes", "exit 1")]
    [InlineData("hangs", "exec sleep 600")]
    public async Task An_agent_that_does_not_report_is_put_back(string name, string run)
    {
        var app = await node.CreateAppAsync($"update-{name}");
        var serving = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        var bad = folder[name];
        await File.WriteAllTextAsync(bad, $"#!/bin/sh\ncase $1 in --version) echo {AgentVersion.Current} ;; self-check) exit 0 ;; *) {run} ;; esac\n");
        var before = await node.Vps.RunAsync(["sha256sum", "/usr/local/bin/vpspilot-agent"]);
        var command = Offer(bad, AgentVersion.Current);
        await node.Plane.SendAsync(command);
        var clock = Stopwatch.StartNew();
        while (!node.Plane.Results(command.CommandId).Any() && clock.Elapsed < TimeSpan.FromSeconds(150))
            await Task.Delay(200);
        var result = await node.Plane.ResultAsync(command.CommandId);
        (result.Outcome, result.Failure?.Kind).ShouldBe((CommandOutcome.Failed, FailureKind.Unhealthy));
        result.Failure!.Message.ShouldContain("was put back");
        (await node.Vps.RunAsync(["sha256sum", "/usr/local/bin/vpspilot-agent"])).ShouldBe(before);
        await TimerIsGoneAsync();
        (await app.AskAsync(serving.Port)).ShouldBe("1");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_binary_that_is_not_the_one_or_does_not_fit_is_refused_before_anything_is_replaced()
    {
        var other = folder["other"];
        await File.WriteAllTextAsync(other, "#!/bin/sh\necho 7.7.7\n");
        var broken = folder["broken"];
        await File.WriteAllTextAsync(broken, $"#!/bin/sh\n[ $1 = --version ] && echo {AgentVersion.Current} && exit 0\necho 'the settings have a mistake' >&2\nexit 3\n");
        var before = (await PidAsync(), await node.Vps.RunAsync(["sha256sum", "/usr/local/bin/vpspilot-agent"]));

        (await MessageOfAsync(Offer(other, "7.7.8"))).ShouldBe("The new agent says that it is 7.7.7, not 7.7.8. Nothing was replaced.");
        (await MessageOfAsync(Offer(broken, AgentVersion.Current))).ShouldBe("The self-check of the new agent exited with code 3");
        var wrong = Offer(other, "7.7.7");
        (await MessageOfAsync(wrong with { Body = (UpdateAgentCommand)wrong.Body with { Sha256 = new string('0', 64) } })).ShouldContain("does not have the checksum");
        (await MessageOfAsync(wrong with { CommandId = "missing-1.update.n1", Body = (UpdateAgentCommand)wrong.Body with { Path = "/api/agent/binary/none" } })).ShouldBe("The control plane answered 404 for /api/agent/binary/none.");
        (await PidAsync(), await node.Vps.RunAsync(["sha256sum", "/usr/local/bin/vpspilot-agent"])).ShouldBe(before);
        (await node.Vps.ExecAsync("test", "-e", "/usr/local/bin/vpspilot-agent.new")).ExitCode.ShouldBe(1);
    }

    public void Dispose() => folder.Dispose();

    private CommandEnvelope Offer(string file, string version)
    {
        var path = $"/api/agent/binary/{Path.GetFileName(file)}";
        node.Plane.Files[path] = file;
        var body = new UpdateAgentCommand { Path = path, Sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))), Version = version };
        return ControlPlaneStandIn.Command($"update-{Guid.NewGuid():N}.update.n1", body) with { ProjectId = null };
    }

    private async Task<string> MessageOfAsync(CommandEnvelope command) => (await node.Plane.DoAsync(command)).Failure.ShouldNotBeNull().Message;

    private async Task<string> PidAsync() => (await node.Vps.RunAsync(["systemctl", "show", "--value", "--property=MainPID", "vpspilot-agent.service"])).Trim();

    private async Task TimerIsGoneAsync() =>
        (await node.Vps.RunAsync(["bash", "-c", "for i in {1..20}; do systemctl is-active --quiet vpspilot-agent-put-back.timer || exit 0; sleep 0.5; done; echo it runs"])).Trim().ShouldBeEmpty();
}
