using System.Diagnostics;
using System.Text.Json.Nodes;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Bench.Switches;

/// <summary>A Node.js app without dependencies behind the edge, pushed again and again.</summary>
internal sealed class BenchApp
{
    private readonly LocalStack stack;
    private readonly AppRepository repository;
    private readonly string project;
    private readonly string deployment;
    private int version;

    private BenchApp(LocalStack stack, AppRepository repository, string project, string deployment) => (this.stack, this.repository, this.project, this.deployment) = (stack, repository, project, deployment);

    public int Port { get; } = ControlPlaneOptions.FreePort();

    /// <summary>What the newest version answers.</summary>
    public string Version => $"{project} {version}";

    /// <summary>Makes the project and deploys its first version.</summary>
    /// <param name="stack">Control plane and node.</param>
    /// <param name="project">Its id.</param>
    /// <param name="deployment">Members of the config's <c>deployment</c>.</param>
    public static async Task<BenchApp> CreateAsync(LocalStack stack, string project, string deployment)
    {
        var empty = Directory.CreateTempSubdirectory("vpspilot-bench-").FullName;
        var app = new BenchApp(stack, await stack.CreateProjectAsync(project, empty), project, deployment);
        await app.DeployAsync();
        return app;
    }

    /// <summary>Pushes a new version and waits until its deployment succeeded.</summary>
    public async Task DeployAsync()
    {
        var commit = await PushAsync();
        var follower = new DeploymentFollower(stack.Api);
        var ended = await follower.FollowAsync(await follower.FindAsync(project, commit, TimeSpan.FromSeconds(30)), TimeSpan.FromMinutes(3));
        if ((string?)ended["status"] != "succeeded")
            throw new InvalidOperationException($"The deployment did not succeed: {ended.ToJsonString()}");
    }

    public async Task<string> PushAsync()
    {
        version++;
        await repository.WriteAsync("config.vpspilot.json", $$"""
            { "type": "nodejs", "runtime": { "nodejs": "20" }, "build": { "commands": [] }, "start": { "command": "node server.js" }, "edge": { "port": {{Port}} }, "deployment": { {{deployment}} } }
            """);
        await repository.WriteAsync("server.js", $$"""
            require("node:http").createServer((request, response) => response.end("{{Version}}")).listen(process.env.PORT, "127.0.0.1");
            """);
        return await repository.PushAsync($"Version {version}");
    }

    /// <summary>Goes back to the version before, and returns the time from the HTTP call to the first answer of it.</summary>
    public async Task<TimeSpan> RollBackAsync(string expected)
    {
        var clock = Stopwatch.StartNew();
        var accepted = await stack.Api.PostAsync($"api/projects/{project}/rollback", new JsonObject { ["to"] = "previous" });
        var took = await UntilAnswersAsync(expected, clock);
        await new DeploymentFollower(stack.Api).FollowAsync((string)accepted["id"]!, TimeSpan.FromMinutes(2));
        return took;
    }

    public async Task<TimeSpan> UntilAnswersAsync(string expected, Stopwatch clock)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        while (clock.Elapsed < TimeSpan.FromMinutes(2))
        {
            try
            {
                if (await http.GetStringAsync($"http://127.0.0.1:{Port}/") == expected)
                    return clock.Elapsed;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // A failed answer is no answer of that version; the load beside counts it.
            }

            await Task.Delay(2);
        }

        throw new TimeoutException($"'{expected}' did not answer.");
    }

    public string VersionBefore => $"{project} {version - 1}";
}
