using System.Text.Json;
using VpsPilot.Agent.Tests.Builds;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Agent.Tests.Vps;

/// <summary>A project on the node, from commit to answer.</summary>
internal sealed class AppUnderTest(AgentNode node, string project, GitRepository repository)
{
    private int deployments;

    /// <summary>Statements at the top of the server; a change of them makes it bad.</summary>
    public string Prelude { get; set; } = "";

    public string Config { get; set; } = """{ "type": "nodejs", "runtime": { "node": "20" }, "build": { "commands": ["true"] }, "start": { "command": "node server.js" }, "deployment": { "health_check": { "interval": "200ms", "retries": 25 }, "watch": "1s" } }""";

    public string Project => project;

    public GitRepository Repository => repository;

    /// <summary>A plain port at which the edge serves it; with it in the config, the app is behind the edge.</summary>
    public int EdgePort { get; } = HttpStub.FreePort();

    public Task<string> CommitAsync(string version) => repository.CommitAsync(
        $"Version {version}",
        ("config.vpspilot.json", Config),
        ("server.js", $$"""
            {{Prelude}}
            let healthy = true;
            require("node:http").createServer((request, response) => {
              if (request.url === "/sick") healthy = false;
              if (request.url === "/broken") { response.statusCode = 500; return response.end("broken"); }
              if (request.url.startsWith("/slow/")) return setTimeout(() => response.end("{{version}}"), +request.url.slice(6));
              if (request.url === "/crash") process.exit(3);
              response.statusCode = healthy ? 200 : 500;
              response.end(request.url === "/env" ? JSON.stringify(process.env) : "{{version}}");
            }).on("upgrade", (request, socket) => {
              socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
              socket.on("data", data => socket.write("{{version}}:" + data)).on("error", () => {});
            }).listen(process.env.PORT, "127.0.0.1");
            """));

    public string NextDeployment() => $"{project}-{++deployments}";

    public CommandEnvelope Build(string deployment, SealedBox? environment = null) =>
        ControlPlaneStandIn.Command($"{deployment}.build.n1", new BuildCommand { Repository = $"/srv/git/{project}", Branch = "main", Environment = environment }, project);

    public CommandEnvelope Activate(string deployment, SealedBox? environment = null, int? percent = null) =>
        ControlPlaneStandIn.Command($"{deployment}.activate.n1", new ActivateCommand { ReleaseId = deployment, Environment = environment, TrafficPercent = percent }, project);

    public CommandEnvelope Other(Command body) => ControlPlaneStandIn.Command($"{NextDeployment()}.other.n1", body, project);

    /// <summary>Builds and activates the head, with values for placeholders; the answer to the activation.</summary>
    public async Task<CommandResult> DeployAsync(Dictionary<string, string>? values = null, int? percent = null)
    {
        var deployment = NextDeployment();
        var built = await node.Plane.DoAsync(Build(deployment, Seal(values, $"{deployment}.build.n1")));
        built.Outcome.ShouldBe(CommandOutcome.Succeeded, built.Failure?.ToString());
        return await node.Plane.DoAsync(Activate(deployment, Seal(values, $"{deployment}.activate.n1"), percent));
    }

    /// <summary>Goes back to the release in the slot without traffic.</summary>
    public Task<CommandResult> ToOtherSlotAsync() => node.Plane.DoAsync(Other(new RollBackCommand { OtherSlot = true, Reason = "test" }));

    /// <summary>What the app answers; fails when it does not.</summary>
    public async Task<string> AskAsync(int port, string path = "/") => await node.Vps.RunAsync(["curl", "--silent", "--max-time", "5", $"http://127.0.0.1:{port}{path}"]);

    /// <summary>Asks for something that may kill it.</summary>
    public Task AskOrNothingAsync(int port, string path) => node.Vps.ExecAsync("curl", "--silent", "--max-time", "5", $"http://127.0.0.1:{port}{path}");

    /// <summary>Properties of one of its units; the ending is what follows the project's id in its name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> UnitAsync(string ending = "") =>
        (await node.Vps.RunAsync(["systemctl", "show", $"vpspilot-project-{project}{ending}.service"])).Split('\n').Select(l => l.Split('=', 2)).Where(p => p.Length == 2).DistinctBy(p => p[0]).ToDictionary(p => p[0], p => p[1]);

    /// <summary>Values for one command.</summary>
    public SealedBox Sealed(Dictionary<string, string> values, string commandId) => Seal(values, commandId)!;

    private SealedBox? Seal(Dictionary<string, string>? values, string context) =>
        values is null ? null : SealedBox.Seal(node.Plane.SealingKey, JsonSerializer.SerializeToUtf8Bytes(values), context);
}
