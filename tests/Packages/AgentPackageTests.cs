using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Packages.Tests;

[Collection(PackageNodeCollection.Name)]
public sealed class AgentPackageTests(PackageNode node) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("vpspilot-agent-package-");

    [VpsFact(Timeout = 300_000)]
    public async Task Installing_again_changes_nothing()
    {
        string[] install = ["--install", $"/srv/packages/vpspilot-agent_{PackageNode.First}_amd64.deb"];
        (await node.DpkgAsync(install)).OrThrow();
        var before = (await node.AgentPidAsync(), await IdentityAsync(), await RunningApp.AskAsync(node.Vps, PackageNode.App));

        (await node.DpkgAsync(install)).OrThrow();
        var said = await node.Vps.RunAsync(["bash", "-c", node.InstallCommand]);

        said.ShouldContain($"Enrolled already as node {PackageNode.Node}");
        (await node.AgentPidAsync(), await IdentityAsync(), await RunningApp.AskAsync(node.Vps, PackageNode.App)).ShouldBe(before);
    }

    [VpsFact(Timeout = 300_000)]
    public async Task An_upgrade_brings_the_new_agent_and_keeps_keys_identity_and_apps()
    {
        // An ELF file runs as before with some bytes at its end; it is another file, and so another agent.
        var other = Path.Combine(folder.FullName, "vpspilot-agent");
        await File.WriteAllBytesAsync(other, [.. await File.ReadAllBytesAsync(DebianPackages.Artifact("agent/linux-x64/vpspilot-agent")), .. "another one"u8]);
        var before = (await IdentityAsync(), await RunningApp.AskAsync(node.Vps, PackageNode.App));
        var pid = await node.AgentPidAsync();

        (await node.UpgradeAsync(to => DebianPackages.AgentAsync("0.2.0", to, other))).OrThrow();

        (await node.AgentPidAsync()).ShouldNotBe(pid);
        (await node.Vps.RunAsync(["tail", "--bytes=11", "/usr/local/bin/vpspilot-agent"])).ShouldBe("another one");
        (await IdentityAsync(), await RunningApp.AskAsync(node.Vps, PackageNode.App)).ShouldBe(before);
        await node.HeardFromAgentAsync();
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_removed_agent_leaves_the_apps_running_and_comes_back_as_the_same_node()
    {
        var app = await RunningApp.AskAsync(node.Vps, PackageNode.App);
        var identity = await IdentityAsync();

        (await node.DpkgAsync("--remove", "vpspilot-agent")).OrThrow();

        (await node.Vps.ExecAsync("systemctl", "cat", "vpspilot-agent.service")).ExitCode.ShouldNotBe(0);
        (await node.Vps.ExecAsync("test", "-e", "/usr/local/bin/vpspilot-agent")).ExitCode.ShouldBe(1);
        (await RunningApp.AskAsync(node.Vps, PackageNode.App)).ShouldBe(app);
        (await node.Vps.RunAsync(["systemctl", "is-enabled", $"vpspilot-project-{PackageNode.App}.service"])).Trim().ShouldBe("enabled");

        (await node.DpkgAsync("--install", $"/srv/packages/vpspilot-agent_{PackageNode.First}_amd64.deb")).OrThrow();
        (await IdentityAsync()).ShouldBe(identity);
        await node.HeardFromAgentAsync();
        ((string?)(await node.DeployOnceAsync())["status"]).ShouldBe("succeeded");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task The_script_alone_uninstalls_too_and_a_purge_takes_keys_but_no_app()
    {
        var app = await RunningApp.AskAsync(node.Vps, PackageNode.App);
        await node.Vps.RunAsync(["cp", "--archive", "/var/lib/vpspilot", "/root/keys"]);
        await node.Vps.RunAsync(["cp", "/etc/vpspilot/agent.json", "/root/agent.json"]);
        await node.Vps.RunAsync(["cp", "/usr/lib/vpspilot-agent/install.sh", "/root/install.sh"]);

        (await node.Vps.RunAsync(["sh", "/root/install.sh", "--uninstall", "--purge"])).ShouldContain("the apps, their data and the edge go on");
        // Again: there is nothing left to do, and that is no mistake.
        await node.Vps.RunAsync(["sh", "/root/install.sh", "--uninstall", "--purge"]);

        (await node.Vps.ExecAsync("test", "-e", "/var/lib/vpspilot")).ExitCode.ShouldBe(1);
        (await node.Vps.ExecAsync("test", "-e", "/etc/vpspilot/server.env")).ExitCode.ShouldBe(0, "the control plane's settings are not the agent's");
        (await RunningApp.AskAsync(node.Vps, PackageNode.App)).ShouldBe(app);

        // Without keys it is installed and not started, and says how it is enrolled.
        (await node.Vps.RunAsync(["sh", "/root/install.sh", "--binary", "/usr/lib/vpspilot-agent/vpspilot-agent"])).ShouldContain("Enrol it with");
        (await node.Vps.ExecAsync("systemctl", "is-active", "vpspilot-agent.service")).ExitCode.ShouldNotBe(0);
        await node.Vps.RunAsync(["cp", "--archive", "/root/keys", "/var/lib/vpspilot"]);
        await node.Vps.RunAsync(["cp", "/root/agent.json", "/etc/vpspilot/agent.json"]);
        (await node.Vps.RunAsync(["sh", "/root/install.sh", "--binary", "/usr/lib/vpspilot-agent/vpspilot-agent"])).ShouldContain(" runs.");
        await node.HeardFromAgentAsync();
    }

    [VpsFact(Timeout = 300_000)]
    public async Task What_is_missing_is_installed_from_Debian_with_consent_alone()
    {
        // A package source of the VPS's own: Caddy as it was installed, packed again.
        await node.Vps.RunAsync(["bash", "-c", """
            set -e
            mkdir -p /root/repack/DEBIAN /srv/debian
            dpkg -L caddy | while read -r f; do [ ! -f "$f" ] || { mkdir -p "/root/repack$(dirname "$f")"; cp -a "$f" "/root/repack$f"; }; done
            dpkg-query -s caddy | grep -E '^(Package|Version|Architecture|Maintainer|Description):' >/root/repack/DEBIAN/control
            dpkg-deb -Znone --build /root/repack /srv/debian/caddy.deb
            cd /srv/debian
            { cat /root/repack/DEBIAN/control; echo "Filename: ./caddy.deb"; echo "Size: $(stat -c %s caddy.deb)"; echo "SHA256: $(sha256sum caddy.deb | cut -d ' ' -f 1)"; echo; } >Packages
            mkdir -p /root/sources && mv /etc/apt/sources.list* /root/sources/ 2>/dev/null || true
            echo 'deb [trusted=yes] file:/srv/debian ./' >/etc/apt/sources.list
            apt-get -qq update
            dpkg --remove --force-depends caddy
            """]);
        try
        {
            string[] install = ["sh", "/usr/lib/vpspilot-agent/install.sh", "--binary", "/usr/lib/vpspilot-agent/vpspilot-agent"];

            // Nobody can be asked here: no.
            await node.Vps.RunAsync(install);
            (await node.Vps.ExecAsync("sh", "-c", "command -v caddy")).ExitCode.ShouldNotBe(0);
            await node.Vps.RunAsync([.. install, "--yes", "--no-caddy"]);
            (await node.Vps.ExecAsync("sh", "-c", "command -v caddy")).ExitCode.ShouldNotBe(0);

            (await node.Vps.RunAsync([.. install, "--yes"])).ShouldContain("Caddy is installed");
            await node.Vps.RunAsync(["caddy", "version"]);
            (await node.Vps.ExecAsync("systemctl", "is-active", "caddy.service")).ExitCode.ShouldNotBe(0, "the agent runs Caddy by itself");
        }
        finally
        {
            await node.Vps.RunAsync(["bash", "-c", "rm -f /etc/apt/sources.list; mv /root/sources/* /etc/apt/ 2>/dev/null || true"]);
        }
    }

    [Fact]
    public async Task The_same_input_gives_the_same_package()
    {
        var binary = Path.Combine(folder.FullName, "binary");
        await File.WriteAllTextAsync(binary, "#!/bin/sh\n");
        List<string> made = [];
        foreach (var name in (string[])["one", "two"])
        {
            File.SetLastWriteTimeUtc(binary, DateTime.UnixEpoch.AddDays(made.Count));
            made.Add(await DebianPackages.AgentAsync("1.2.3", Path.Combine(folder.FullName, name), binary));
        }

        (await File.ReadAllBytesAsync(made[1])).ShouldBe(await File.ReadAllBytesAsync(made[0]));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private Task<string> IdentityAsync() => node.Vps.RunAsync(["sha256sum", "/var/lib/vpspilot/identity.json", "/var/lib/vpspilot/sign.key", "/var/lib/vpspilot/seal.key"]);
}
