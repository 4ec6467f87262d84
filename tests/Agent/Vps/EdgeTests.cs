using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Agent.Tests.Vps;

[Collection(EdgeNodeCollection.Name)]
public sealed class EdgeTests(EdgeNode node)
{
    [VpsFact(Timeout = 300_000)]
    public async Task Projects_have_their_domains_over_https_and_nobody_takes_anothers()
    {
        var shop = await node.CreateEdgeAppAsync("shop", more: """ "domains": ["shop.test", "www.shop.test"], """);
        shop.Config = shop.Config.Replace($"\"port\": {shop.EdgePort}", "\"max_body\": 1000", StringComparison.Ordinal);
        await shop.CommitAsync("shop 1");
        var blog = await node.CreateEdgeAppAsync("blog", more: """ "domains": ["blog.test"], """);
        blog.Config = blog.Config.Replace($"\"port\": {blog.EdgePort}", "\"https_redirect\": false", StringComparison.Ordinal);
        await blog.CommitAsync("blog 1");
        foreach (var app in new[] { shop, blog })
            (await app.DeployAsync()).Outcome.ShouldBe(CommandOutcome.Succeeded);

        (await CurlAsync("https", "shop.test")).ShouldBe("shop 1 200");
        (await CurlAsync("https", "www.shop.test")).ShouldBe("shop 1 200");
        (await CurlAsync("https", "blog.test")).ShouldBe("blog 1 200");
        (await CurlAsync("http", "blog.test")).ShouldBe("blog 1 200");
        (await CurlAsync("http", "shop.test", "--write-out", " %{http_code} %{redirect_url}")).Trim().ShouldBe($"308 https://shop.test:{node.HttpsPort}/");
        (await CurlAsync("https", "shop.test", "--data", new string('x', 2000))).ShouldEndWith(" 413");
        (await CurlAsync("http", "unknown.test")).ShouldNotContain("1 200");

        var thief = await node.CreateEdgeAppAsync("thief", more: """ "domains": ["other.test", "shop.test"], """);
        var refused = await thief.DeployAsync();
        refused.Outcome.ShouldBe(CommandOutcome.Failed);
        refused.Failure.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Rejected);
        refused.Failure.Message.ShouldBe("The domain shop.test belongs to the project shop on this node.");
        (await thief.UnitAsync("-blue"))["LoadState"].ShouldBe("not-found");
        (await CurlAsync("https", "shop.test")).ShouldBe("shop 1 200");

        (await node.Plane.DoAsync(shop.Other(new RemoveCommand()))).Outcome.ShouldBe(CommandOutcome.Succeeded);
        (await thief.DeployAsync()).Outcome.ShouldBe(CommandOutcome.Succeeded);
        (await CurlAsync("https", "shop.test")).ShouldBe("1 200");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_restart_of_edge_or_agent_keeps_the_routes_and_a_stopped_unit_shows_as_drift()
    {
        var app = await node.CreateEdgeAppAsync("kept");
        await app.DeployAsync();
        await app.CommitAsync("2");
        var serving = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        await node.Vps.RunAsync(["systemctl", "kill", "--signal=KILL", "vpspilot-edge.service"]);
        await AnswersAsync(app, "2");
        var edge = await node.Vps.RunAsync(["systemctl", "show", "--value", "--property=MainPID", "vpspilot-edge.service"]);
        await node.Vps.RunAsync(["systemctl", "restart", "vpspilot-agent.service"]);
        await AnswersAsync(app, "2");
        (await node.Vps.RunAsync(["systemctl", "show", "--value", "--property=MainPID", "vpspilot-edge.service"])).ShouldBe(edge);

        await node.Vps.RunAsync(["systemctl", "stop", "vpspilot-edge.service"]);
        (await EdgeFindingAsync()).ShouldSatisfyAllConditions(f => f.State.ShouldBe(FindingState.Error), f => f.Message.ShouldStartWith("vpspilot-edge.service does not run"), f => f.Remedy.ShouldNotBeNull());
        await node.Vps.RunAsync(["systemctl", "start", "vpspilot-edge.service"]);
        await AnswersAsync(app, "2");
        (await EdgeFindingAsync()).State.ShouldBe(FindingState.Ok);

        // A hand that deletes the configuration: the agent is the source of truth.
        await node.Vps.RunAsync(["bash", "-c", "rm /opt/vpspilot/edge/caddy.json; systemctl restart vpspilot-edge.service || true; systemctl restart vpspilot-agent.service"]);
        await AnswersAsync(app, "2");
        await node.Plane.UntilAsync(() => LastBeat()?.Serving.GetValueOrDefault("kept")?.AnsweredBy == serving.ReleaseId, "heartbeat with the answering release");
        await node.Vps.RunAsync(["systemctl", "stop", "vpspilot-project-kept-green.service"]);
        await node.Plane.UntilAsync(() => LastBeat()?.Serving.GetValueOrDefault("kept") is { Pid: null, UnitState: "inactive", AnsweredBy: null }, "heartbeat that shows the stop");
        (await node.Plane.DoAsync(app.Other(new RestartCommand()))).Serving?.AnsweredBy.ShouldBe(serving.ReleaseId);
        var exposure = (await node.Vps.RunAsync(["systemd-analyze", "security", "--no-pager", "vpspilot-edge.service", "vpspilot-project-kept-green.service"])).Split('\n').Where(l => l.Contains("Overall exposure", StringComparison.Ordinal)).ToList();
        exposure.Count.ShouldBe(2);
        foreach (var line in exposure)
            double.Parse(line.Split(": ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture).ShouldBeLessThanOrEqualTo(3.0);
    }

    [VpsFact(Timeout = 300_000)]
    public async Task In_place_the_edge_holds_requests_while_the_app_is_restarted()
    {
        var app = await node.CreateEdgeAppAsync("held", """ "strategy": "in-place", """);
        var first = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        (first.Slot, first.AnsweredBy).ShouldBe((null, first.ReleaseId));
        await using var client = new SteadyClient(app.EdgePort, 2);
        // It takes a while to listen, as frameworks do.
        app.Prelude = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);";
        await app.CommitAsync("2");
        (await app.DeployAsync()).Outcome.ShouldBe(CommandOutcome.Succeeded);
        app.Prelude = "throw new Error('bad');";
        await app.CommitAsync("3");
        (await app.DeployAsync()).Outcome.ShouldBe(CommandOutcome.RolledBack);
        (await app.AskAsync(app.EdgePort)).ShouldBe("2");
        await client.DisposeAsync();
        client.Failed.ShouldBeEmpty();
        client.Versions.Distinct().ShouldBe(["1", "2"]);

        // From in place to blue-green and back.
        app.Prelude = "";
        app.Config = app.Config.Replace(""" "strategy": "in-place", """, "", StringComparison.Ordinal);
        await app.CommitAsync("4");
        (await app.DeployAsync()).Serving?.Slot.ShouldBe("green");
        (await app.AskAsync(app.EdgePort)).ShouldBe("4");
        app.Config = app.Config.Replace("\"deployment\": {", "\"deployment\": { \"strategy\": \"in-place\",", StringComparison.Ordinal);
        await app.CommitAsync("5");
        (await app.DeployAsync()).Serving?.Slot.ShouldBeNull();
        (await app.AskAsync(app.EdgePort)).ShouldBe("5");
        (await app.UnitAsync("-green"))["ActiveState"].ShouldBe("inactive");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_part_of_the_traffic_goes_to_a_canary_until_it_is_confirmed_or_taken_back()
    {
        var app = await node.CreateEdgeAppAsync("canary");
        var first = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        await app.CommitAsync("2");
        var second = (await app.DeployAsync(percent: 25)).Serving.ShouldNotBeNull();
        (second.ReleaseId, second.TrafficPercent, second.Slot).ShouldBe(("canary-2", 25, "green"));
        (await ShareAsync(app, "2")).ShouldBeInRange(0.15, 0.35);
        await node.Plane.UntilAsync(() => LastBeat()?.Serving.GetValueOrDefault("canary") is { TrafficPercent: 25, Traffic.Answers: > 30 }, "heartbeat with the canary's traffic");
        var back = await node.Plane.DoAsync(app.Other(new RollBackCommand { Reason = "test", IfServing = second.ReleaseId }));
        (back.Outcome, back.Serving?.ReleaseId, back.Serving?.TrafficPercent, back.Serving?.Pid).ShouldBe((CommandOutcome.Succeeded, first.ReleaseId, null, first.Pid));
        (await ShareAsync(app, "1")).ShouldBe(1);

        await app.CommitAsync("4");
        var third = (await app.DeployAsync(percent: 50)).Serving.ShouldNotBeNull();
        var confirmed = await node.Plane.DoAsync(app.Other(new ConfirmCanaryCommand { ReleaseId = third.ReleaseId }));
        (confirmed.Outcome, confirmed.Serving?.ReleaseId, confirmed.Serving?.Pid, confirmed.Serving?.AnsweredBy, confirmed.Serving?.TrafficPercent).ShouldBe((CommandOutcome.Succeeded, third.ReleaseId, third.Pid, third.ReleaseId, null));
        (await ShareAsync(app, "4")).ShouldBe(1);
    }

    [VpsTheory(Timeout = 300_000)]
    [InlineData("tcp", "\"tcp\": true")]
    [InlineData("url", "\"url\": \"http://127.0.0.1:$PORT/env\"")]
    [InlineData("command", "\"command\": \"test -f server.js && node -e 'fetch(\\\"http://127.0.0.1:\\\" + process.env.PORT).then(r => process.exit(r.status - 200), () => process.exit(9))'\"")]
    public async Task Health_is_checked_as_the_config_says(string kind, string check)
    {
        var app = await node.CreateEdgeAppAsync($"health-{kind}");
        app.Config = app.Config.Replace("\"health_check\": {", "\"health_check\": { " + check + ",", StringComparison.Ordinal);
        await app.CommitAsync("1");
        var result = await app.DeployAsync();
        result.Outcome.ShouldBe(CommandOutcome.Succeeded, result.Failure?.ToString());
        app.Prelude = "setInterval(() => {}, 1000); if (1) return;";
        app.Config = app.Config.Replace("\"retries\": 25", "\"retries\": 3", StringComparison.Ordinal);
        await app.CommitAsync("2");
        var bad = await app.DeployAsync();
        bad.Outcome.ShouldBe(CommandOutcome.RolledBack);
        bad.Failure.ShouldNotBeNull().Message.ShouldContain(kind switch { "tcp" => "a connection to port", "url" => "/env", _ => "exit code 9" });
    }

    private Task<string> CurlAsync(string scheme, string host, params string[] more)
    {
        var port = scheme == "https" ? node.HttpsPort : node.HttpPort;
        return node.Vps.RunAsync(["curl", "--silent", "--insecure", "--max-time", "10", "--retry", "20", "--retry-all-errors", "--retry-delay", "1", "--connect-to", $"{host}:{(scheme == "https" ? 443 : 80)}:127.0.0.1:{port}", "--write-out", " %{http_code}", .. more, $"{scheme}://{host}/"]);
    }

    private async Task<double> ShareAsync(AppUnderTest app, string version)
    {
        var answers = (await node.Vps.RunAsync(["bash", "-c", $"for i in $(seq 200); do curl --silent --max-time 5 http://127.0.0.1:{app.EdgePort}/; echo; done"])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return answers.Count(a => a == version) / (double)answers.Length;
    }

    private static async Task AnswersAsync(AppUnderTest app, string version)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        for (var i = 0; ; i++)
        {
            try
            {
                if (await http.GetStringAsync($"http://127.0.0.1:{app.EdgePort}/") == version)
                    return;
            }
            catch (HttpRequestException) when (i < 150)
            {
                await Task.Delay(100);
            }
        }
    }

    private async Task<Finding> EdgeFindingAsync() =>
        (await node.Plane.DoAsync(ControlPlaneStandIn.Command($"doctor-{Guid.NewGuid():N}"[..15] + ".doctor.n1", new DoctorCommand()) with { ProjectId = null })).Findings.ShouldNotBeNull().Single(f => f.Check == "edge");

    private Heartbeat? LastBeat() => node.Plane.Events.Select(e => e.Body).OfType<Heartbeat>().LastOrDefault();
}
