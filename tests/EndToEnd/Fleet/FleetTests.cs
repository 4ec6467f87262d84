using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;
using Xunit.Abstractions;

namespace VpsPilot.EndToEnd.Tests.Fleet;

/// <summary>Deployments to several real VPSes.</summary>
public sealed class FleetTests(FleetFixture fleet, ITestOutputHelper output) : IClassFixture<FleetFixture>
{
    private const int Kills = 50;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    [VpsFact(Timeout = 600_000)]
    public async Task A_canary_waits_for_approval_a_bad_release_goes_back_everywhere_and_an_offline_node_is_left_out()
    {
        var app = await fleet.CreateProjectAsync("shop", new JsonObject
        {
            ["rollout"] = "canary",
            ["canary"] = new JsonObject { ["nodes"] = 1, ["bake"] = "1s", ["approval"] = true },
            ["offline_wait"] = "1s",
            ["offline_nodes"] = "exclude",
        });

        var first = await fleet.DeployAsync(app, "shop", "Version 1.0.0");
        await UntilAsync(first, d => (string?)d["canary"]?["state"] == "waiting-for-approval");
        (await fleet.Api.GetAsync("api/nodes/fleet-2"))["serving"]!["shop"].ShouldBeNull();
        await fleet.Api.PostAsync($"api/deployments/{first}/approve", new JsonObject());
        (await EndAsync(first)).Status().ShouldBe("succeeded");
        (await fleet.VersionAsync("fleet-2", "shop", first)).ShouldBe("1.0.0");

        await app.EditAsync("main.py", "1.0.0", "1.1.0");
        await app.EditAsync("config.vpspilot.json", "\"/health\"", "\"/none\"");
        var bad = await EndAsync(await fleet.DeployAsync(app, "shop", "Not healthy"));
        bad.Status().ShouldBe("rolled-back", bad.ToJsonString());
        (await fleet.VersionAsync("fleet-1", "shop", first)).ShouldBe("1.0.0");

        await app.EditAsync("config.vpspilot.json", "\"/none\"", "\"/health\"");
        await fleet.Nodes["fleet-2"].SetLinkAsync(up: false);
        try
        {
            await UntilAsync("api/nodes/fleet-2", n => (string)n["state"]! == "offline", isPath: true);
            var only = await fleet.DeployAsync(app, "shop", "Version 1.1.0");
            await UntilAsync(only, d => (string?)d["canary"]?["state"] == "waiting-for-approval");
            await fleet.Api.PostAsync($"api/deployments/{only}/approve", new JsonObject());
            var without = await EndAsync(only);
            without.Status().ShouldBe("succeeded", without.ToJsonString());
            without["excludedNodes"]!.AsArray().Select(n => (string)n!).ShouldBe(["fleet-2"]);
            (await fleet.VersionAsync("fleet-1", "shop", (string)without["id"]!)).ShouldBe("1.1.0");
        }
        finally
        {
            await fleet.Nodes["fleet-2"].SetLinkAsync(up: true);
        }

        // It comes back, finds the build and its cancel, and goes on with what it serves.
        await UntilAsync("api/nodes/fleet-2", n => (string)n["state"]! == "online", isPath: true);
        (await fleet.VersionAsync("fleet-2", "shop", first)).ShouldBe("1.0.0");
    }

    /// <summary>The same commit is good on one server and bad on the other, as with a value or a disk that only one of them has.</summary>
    [VpsFact(Timeout = 600_000)]
    public async Task A_release_that_is_bad_on_the_last_node_alone_goes_back_on_those_before_it_too()
    {
        var app = await fleet.CreateProjectAsync("half", new JsonObject { ["rollout"] = "rolling" });
        await app.EditAsync("config.vpspilot.json", "\"test\":", "\"env\": { \"STATE\": \"{{STATE}}\" },\n  \"test\":");
        await app.EditAsync("main.py", "if path == \"/health\":", "if path == \"/health\" and os.environ.get(\"STATE\") != \"sick\":");
        await SetAsync("half", "", "well");
        var first = await fleet.DeployAsync(app, "half", "Version 1.0.0");
        (await EndAsync(first)).Status().ShouldBe("succeeded");

        await app.EditAsync("main.py", "1.0.0", "1.1.0");
        await SetAsync("half", "?node=fleet-2", "sick");
        var bad = await EndAsync(await fleet.DeployAsync(app, "half", "Version 1.1.0"));

        bad.Status().ShouldBe("rolled-back", bad.ToJsonString());
        ((string)bad["summary"]!).ShouldContain("fleet-2");
        bad["nodes"]!.AsArray().Select(n => $"{n!["nodeId"]} {n["status"]}").Order(StringComparer.Ordinal).ShouldBe(["fleet-1 rolled-back", "fleet-2 rolled-back"]);
        foreach (var node in fleet.Nodes.Keys)
        {
            (await fleet.VersionAsync(node, "half", first)).ShouldBe("1.0.0", node);
        }
    }

    /// <summary>The build makes something that it never makes twice, so only a tree that was compiled once is the same on both.</summary>
    [VpsFact(Timeout = 600_000)]
    public async Task A_project_that_is_built_once_runs_the_identical_store_path_on_every_node()
    {
        var app = await fleet.CreateProjectAsync("once", new JsonObject { ["rollout"] = "rolling" }, buildOnce: true);
        await app.EditAsync("config.vpspilot.json", "\"test\":", "\"build\": { \"commands\": [\"head -c 20 /dev/urandom | od > stamp\", \"echo compiled right here\"] },\n  \"test\":");

        foreach (var version in new[] { "1.0.0", "1.1.0" })
        {
            if (version != "1.0.0")
            {
                await app.EditAsync("main.py", "1.0.0", version);
            }

            var id = await fleet.DeployAsync(app, "once", $"Version {version}");
            var ended = await EndAsync(id);

            ended.Status().ShouldBe("succeeded", ended.ToJsonString());
            foreach (var node in fleet.Nodes.Keys)
            {
                (await fleet.VersionAsync(node, "once", id)).ShouldBe(version);
            }

            ended["nodes"]!.AsArray().Select(n => (string)n!["release"]!["storePath"]!).Distinct().ShouldHaveSingleItem();
            (await Task.WhenAll(fleet.Nodes.Values.Select(v => v.RunAsync(["sh", "-c", "readlink -f /opt/vpspilot/projects/current/once; cat $(nix-store --query --references /opt/vpspilot/projects/current/once/ | grep -e -source$)/stamp"]))))
                .Distinct().ShouldHaveSingleItem().ShouldContain("0000020");
            var logs = await Task.WhenAll(fleet.Nodes.Keys.Order(StringComparer.Ordinal).Select(n => fleet.Api.Http.GetStringAsync(new Uri($"api/deployments/{id}/log?node={n}", UriKind.Relative))));
            logs.Count(l => l.Contains("compiled right here", StringComparison.Ordinal) && l.Contains("==> share", StringComparison.Ordinal)).ShouldBe(1);
            logs.Count(l => !l.Contains("compiled right here", StringComparison.Ordinal) && l.Contains("==> receive", StringComparison.Ordinal)).ShouldBe(1);
        }
    }

    /// <summary>Good releases, bad ones and canceled ones in turn; the control plane dies all the time, and every deployment ends as it should on both nodes.</summary>
    [VpsFact(Timeout = 1_200_000)]
    public async Task A_control_plane_that_is_killed_fifty_times_ends_every_deployment_as_it_should_on_every_node()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("VPSPILOT_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"VPSPILOT_SEED={seed}");
        var random = new Random(seed);
        var app = await fleet.CreateProjectAsync("crash", new JsonObject { ["rollout"] = "rolling" });
        var (kills, version) = (0, "1.0.0");
        var serving = (Release: "", Version: "");
        for (var round = 0; kills < Kills; round++)
        {
            var next = $"1.{round + 1}.0";
            var isBad = round % 3 == 2;
            await app.EditAsync("main.py", $"\"{version}\"", $"\"{next}\"");
            await app.EditAsync("config.vpspilot.json", round % 3 == 0 && round > 0 ? "\"/none\"" : "\"/health\"", isBad ? "\"/none\"" : "\"/health\"");
            var id = await fleet.DeployAsync(app, "crash", $"Version {next}");
            var cancelAt = round % 4 == 3 ? random.Next(3) : -1;
            var isCanceled = false;
            JsonNode deployment;
            for (var here = 0; (deployment = await fleet.Api.GetAsync($"api/deployments/{id}"))["finishedAt"] is null; here++)
            {
                isCanceled |= here == cancelAt && await CancelAsync(id);
                await Task.Delay(random.Next(100, 2500));
                await fleet.Plane.RestartAsync();
                kills++;
            }

            output.WriteLine($"{next}: {deployment.Status()} after {kills} kills. {deployment["summary"]}");
            deployment.Status().ShouldBe(isCanceled ? "canceled" : isBad ? "rolled-back" : "succeeded", deployment.ToJsonString());
            version = next;
            serving = deployment.Status() == "succeeded" ? (id, next) : serving;
            foreach (var node in fleet.Nodes.Keys)
            {
                (await fleet.VersionAsync(node, "crash", serving.Release)).ShouldBe(serving.Version, node);
            }
        }

        kills.ShouldBeGreaterThanOrEqualTo(Kills);
    }

    private async Task SetAsync(string project, string scope, string value)
    {
        using var body = JsonContent.Create(new { value });
        using var answer = await fleet.Api.Http.PutAsync($"api/projects/{project}/env/STATE{scope}", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    private async Task<bool> CancelAsync(string id)
    {
        using var response = await fleet.Api.Http.PostAsync($"api/deployments/{id}/cancel", null);
        response.StatusCode.ShouldBeOneOf(HttpStatusCode.Accepted, HttpStatusCode.Conflict);
        return response.StatusCode == HttpStatusCode.Accepted;
    }

    private Task<JsonNode> EndAsync(string id) => UntilAsync(id, d => d["finishedAt"] is not null);

    private async Task<JsonNode> UntilAsync(string id, Func<JsonNode, bool> condition, bool isPath = false)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var answer = await fleet.Api.GetAsync(isPath ? id : $"api/deployments/{id}", limit.Token);
            if (condition(answer))
            {
                return answer;
            }

            (isPath || answer["finishedAt"] is null).ShouldBeTrue(answer.ToJsonString());
            await Task.Delay(200, limit.Token);
        }
    }
}
