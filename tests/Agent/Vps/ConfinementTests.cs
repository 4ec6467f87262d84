using VpsPilot.Contracts.Events;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Agent.Tests.Vps;

[Collection(AgentNodeCollection.Name)]
public sealed class ConfinementTests(AgentNode node)
{
    /// <summary>Tries every door, and says which are open.</summary>
    private const string Probe = """
        const fs = require("fs"), net = require("net"), os = require("os");
        const open = [];
        const tries = (name, work) => { try { work(); open.push(name); } catch { } };
        for (const path of ["/var/lib/vpspilot", "/var/lib/vpspilot/identity.json", "/var/lib/vpspilot/sign.key", "/etc/vpspilot/agent.json", "/etc/shadow", "/root",
          "/opt/vpspilot/projects", "/opt/vpspilot/projects/victim/releases", "/opt/vpspilot/logs", "/opt/vpspilot/backups", "/opt/vpspilot/cache/victim",
          "/opt/vpspilot/cache/victim/home", "/opt/vpspilot/cache/victim/repository.git", "/opt/vpspilot/cache/probe/repository.git"])
          tries("read " + path, () => fs.statSync(path).isDirectory() ? fs.readdirSync(path) : fs.readFileSync(path));
        for (const path of ["/etc/owned", "/opt/vpspilot/owned", "/opt/vpspilot/cache/probe/owned", "/usr/local/bin/owned", "/run/owned", "/var/tmp/../lib/owned"])
          tries("write " + path, () => fs.writeFileSync(path, "x"));
        tries("suid", () => { fs.writeFileSync("suid", ""); fs.chmodSync("suid", 0o4755); });
        tries("setuid", () => process.setuid(0));
        for (const pid of fs.readdirSync("/proc").filter(p => /^\d+$/.test(p) && p !== String(process.pid)))
          tries("environment of " + pid, () => { if (!fs.readlinkSync(`/proc/${pid}/exe`)) throw 0; if (fs.statSync(`/proc/${pid}`).uid === process.getuid()) throw 0; fs.readFileSync(`/proc/${pid}/environ`); });
        const status = fs.readFileSync("/proc/self/status", "utf8");
        if (!/NoNewPrivs:\s+1/.test(status)) open.push("new privileges");
        if (!/CapBnd:\s+0+\n/.test(status)) open.push("capabilities");
        if (os.userInfo().username !== "vpsbuild-probe") open.push("is " + os.userInfo().username);
        const sockets = ["/run/docker.sock", "/var/run/docker.sock", "/run/systemd/private", "/run/dbus/system_bus_socket", "/nix/var/nix/daemon-socket/socket"];
        Promise.all(sockets.map(path => new Promise(done => {
          const socket = net.connect(path, () => { open.push("connect " + path); socket.destroy(); done(); });
          socket.on("error", done);
        }))).then(() => { console.log("open doors: " + JSON.stringify(open)); process.exit(open.length ? 1 : 0); });
        """;

    [VpsFact(Timeout = 300_000)]
    public async Task A_build_sees_nothing_of_other_projects_of_the_agent_or_of_the_doors_to_root()
    {
        var victim = await node.CreateAppAsync("victim");
        victim.Config = victim.Config.Replace("\"start\":", "\"env\": { \"SECRET\": \"{{SECRET}}\" }, \"start\":", StringComparison.Ordinal);
        await victim.CommitAsync("1");
        (await victim.DeployAsync(new Dictionary<string, string> { ["SECRET"] = "of-the-victim" })).Outcome.ShouldBe(CommandOutcome.Succeeded);
        // As wide open as a careless administrator leaves it.
        await node.Vps.RunAsync(["systemd-run", "--quiet", "--unit=fake-docker", "--socket-property=ListenStream=/run/docker.sock", "--socket-property=SocketMode=0666", "cat"]);

        var probe = await node.CreateAppAsync("probe");
        probe.Config = probe.Config.Replace("\"true\"", "\"node probe.js\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(probe.Repository.Path, "probe.js"), Probe);
        await File.WriteAllTextAsync(Path.Combine(probe.Repository.Path, "name\nwith\nnewlines"), "x");
        await probe.CommitAsync("1");
        var result = await probe.DeployAsync();

        result.Outcome.ShouldBe(CommandOutcome.Succeeded, result.Failure?.ToString());
        var log = await node.Vps.RunAsync(["cat", "/opt/vpspilot/logs/deployments/probe-1.log"]);
        log.ShouldContain("open doors: []");
        (await node.Vps.RunAsync(["nix", "--extra-experimental-features", "nix-command", "config", "show", "trusted-users"])).Trim().ShouldBe("root");
        (await node.Vps.RunAsync(["id", "vpsbuild-probe"])).ShouldNotContain("docker");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_hostile_repository_ends_in_fetch_and_leaves_what_serves_alone()
    {
        var app = await node.CreateAppAsync("hostile");
        var good = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        File.CreateSymbolicLink(Path.Combine(app.Repository.Path, "leak"), "/opt/vpspilot/projects");
        await app.CommitAsync("2");

        var deployment = app.NextDeployment();
        var built = await node.Plane.DoAsync(app.Build(deployment));

        (built.Outcome, built.Failure?.Step).ShouldBe((CommandOutcome.Failed, "fetch"));
        built.Failure.ShouldNotBeNull().Problems.ShouldHaveSingleItem().Path.ShouldBe("leak");
        (await app.AskAsync(good.Port)).ShouldBe("1");
    }
}
