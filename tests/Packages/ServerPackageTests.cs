using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Packages.Tests;

[Collection(PackageNodeCollection.Name)]
public sealed partial class ServerPackageTests(PackageNode node)
{
    private const string Data = "/var/lib/vpspilot-server";

    [VpsFact(Timeout = 300_000)]
    public async Task It_answers_over_TLS_as_a_user_of_its_own_and_keeps_its_files_to_itself()
    {
        ((string?)(await node.Api.GetAsync("api/health"))["status"]).ShouldBe("ok");
        (await node.Vps.RunAsync(["stat", "--format=%U %a", Data])).ShouldBe("vpspilot-server 700");
        (await node.Vps.RunAsync(["stat", "--format=%U %a", "/etc/vpspilot/server.env"])).ShouldBe("root 600");
        (await node.Vps.RunAsync(["sh", "-c", $"stat --format=%a {Data}/*.key {Data}/*.db {Data}/keys.json | sort -u"])).ShouldBe("600");
        (await node.Vps.RunAsync(["systemctl", "show", "--value", "--property=User", "vpspilot-server.service"])).ShouldBe("vpspilot-server");
        node.AdminToken.Token.ShouldNotBeEmpty();
        node.AdminToken.SecondTime.ShouldBe(1);
        (await node.Vps.RunAsync(["journalctl", "--unit=vpspilot-server.service", "--no-pager"])).ShouldNotContain(node.AdminToken.Token);
    }

    [VpsFact(Timeout = 300_000)]
    public async Task The_unit_is_exposed_little()
    {
        var report = await node.Vps.RunAsync(["systemd-analyze", "security", "--no-pager", "vpspilot-server.service"]);

        double.Parse(Exposure().Match(report).Groups["level"].Value, CultureInfo.InvariantCulture).ShouldBeLessThanOrEqualTo(2.0, report);
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_backup_made_while_it_deploys_is_restored_and_the_node_goes_on()
    {
        var running = await node.Api.PostAsync($"api/projects/{PackageNode.App}/deployments", new JsonObject());
        await node.Vps.RunAsync(["vpspilot-server", "backup", "/root/backup.tar.gz"]);
        (await node.Vps.RunAsync(["stat", "--format=%a", "/root/backup.tar.gz"])).ShouldBe("600");
        await node.Vps.RunAsync(["sh", "-c", "cd /root && sha256sum --check backup.tar.gz.sha256"]);
        (await new DeploymentFollower(node.Api).FollowAsync((string)running["id"]!, TimeSpan.FromMinutes(2)))["status"]!.ToString().ShouldBe("succeeded");
        await node.Api.PostAsync("api/projects", new JsonObject { ["id"] = "later", ["repository"] = "/srv/packages/git/later.git", ["nodes"] = new JsonArray(PackageNode.Node) });

        (await node.Vps.ExecAsync("vpspilot-server", "restore", "/root/backup.tar.gz")).Error.ShouldContain("Stop it first");
        await node.Vps.RunAsync(["systemctl", "stop", "vpspilot-server.service"]);
        await node.Vps.RunAsync(["vpspilot-server", "restore", "/root/backup.tar.gz"]);
        await node.Vps.RunAsync(["systemctl", "start", "vpspilot-server.service"]);

        (await node.Vps.RunAsync(["sh", "-c", $"stat --format='%U %a' {Data} {Data}/*.db {Data}/*.key | sort -u"])).ShouldBe("vpspilot-server 600\nvpspilot-server 700");
        (await node.Api.GetAsync("api/projects?limit=200"))["items"]!.AsArray().Select(p => (string)p!["id"]!).ShouldBe([PackageNode.App]);
        await node.HeardFromAgentAsync();
        // What the backup knew as under way may wait for an answer that was given since: it is canceled. Then the next one goes through.
        try
        {
            await node.Api.PostAsync($"api/deployments/{running["id"]}/cancel", new JsonObject());
        }
        catch (HttpRequestException e) when (e.StatusCode == System.Net.HttpStatusCode.Conflict)
        {
            // It has ended by itself.
        }

        await new DeploymentFollower(node.Api).FollowAsync((string)running["id"]!, TimeSpan.FromMinutes(2));
        ((string?)(await node.DeployOnceAsync())["status"]).ShouldBe("succeeded");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task An_upgrade_checks_backs_up_and_has_a_way_back()
    {
        var app = await RunningApp.AskAsync(node.Vps, PackageNode.App);
        (await node.UpgradeAsync(to => DebianPackages.ServerAsync("0.2.0", to))).OrThrow();
        var backup = await node.Vps.RunAsync(["sh", "-c", "ls /var/backups/vpspilot-server/before-0.2.0-*.tar.gz"]);
        ((string?)(await node.Api.GetAsync("api/health"))["status"]).ShouldBe("ok");
        await node.HeardFromAgentAsync();

        // The new version writes a schema that the old one does not know: the old package refuses, and nothing has stopped.
        await node.Vps.RunAsync(["systemctl", "stop", "vpspilot-server.service"]);
        await node.Vps.RunAsync(["sqlite3", $"{Data}/state.db", "PRAGMA user_version = 99"]);
        var refused = await node.DpkgAsync("--install", $"/srv/packages/vpspilot-server_{PackageNode.First}_amd64.deb");
        refused.ExitCode.ShouldNotBe(0);
        (refused.Output + refused.Error).ShouldContain("state.db has schema 99; the program knows 1");
        (await node.Vps.RunAsync(["dpkg-query", "--show", "--showformat=${Version} ${db:Status-Status}", "vpspilot-server"])).ShouldBe("0.2.0 installed");

        // The way back.
        await node.Vps.ExecAsync("systemctl", "stop", "vpspilot-server.service");
        await node.Vps.RunAsync(["vpspilot-server", "restore", backup]);
        (await node.DpkgAsync("--install", $"/srv/packages/vpspilot-server_{PackageNode.First}_amd64.deb")).OrThrow();
        ((string?)(await node.Api.GetAsync("api/health"))["status"]).ShouldBe("ok");
        await node.HeardFromAgentAsync();
        (await RunningApp.AskAsync(node.Vps, PackageNode.App)).ShouldBe(app);
    }

    [GeneratedRegex(@"Overall exposure level[^:]*: (?<level>[0-9.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Exposure();
}
