using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Demo;

/// <summary>The main job, end to end: two good pushes, one that crashes, one whose tests fail.</summary>
internal static class MainJob
{
    /// <summary>Its last line is one JSON object, however it ends.</summary>
    public static async Task<int> RunAsync(DemoPaths paths, CancellationToken ct)
    {
        try
        {
            return await PlayAsync(paths, ct);
        }
        catch (Exception e)
        {
            Conclude(new JsonObject { ["ok"] = false, ["error"] = e is OperationCanceledException ? "interrupted" : e.Message });
            throw;
        }
    }

    private static async Task<int> PlayAsync(DemoPaths paths, CancellationToken ct)
    {
        await StandingStack.DownAsync(paths, ct);
        var timeline = new Timeline();
        Timeline.Title("Set up");
        var (stack, app) = await DemoStack.StartAsync(paths, timeline, ct);
        await using var running = stack;
        var pushes = new List<PushOutcome>();

        Timeline.Title("1. First push: version 1.0.0");
        pushes.Add(await PushAsync(stack, app, timeline, "Version 1.0.0", expectedStatus: "succeeded", expectedVersion: "1.0.0", ct));
        await ShowRunningAsync(stack, pushes[^1], timeline, ct);

        Timeline.Title("2. A second good push: version 1.1.0");
        await SetVersionAsync(app, "1.0.0", "1.1.0", ct);
        pushes.Add(await PushAsync(stack, app, timeline, "Version 1.1.0", expectedStatus: "succeeded", expectedVersion: "1.1.0", ct));
        var good = pushes[^1].Commit;

        Timeline.Title("3. A push that builds, and crashes at start");
        await SetVersionAsync(app, "1.1.0", "1.2.0", ct);
        await app.EditAsync("server.js", "const port", "throw new Error('no database');\nconst port", ct);
        pushes.Add(await PushAsync(stack, app, timeline, "Version 1.2.0, which crashes", expectedStatus: "rolled-back", expectedVersion: "1.1.0", ct));

        Timeline.Title("4. A push whose tests fail");
        await app.RestoreAsync(good, ct);
        await SetVersionAsync(app, "1.1.0", "1.3.0", ct);
        await app.WriteAsync("test/broken.test.js", "import assert from 'node:assert';\nimport { test } from 'node:test';\ntest('the sum', () => assert.equal(1 + 1, 3));\n", ct);
        pushes.Add(await PushAsync(stack, app, timeline, "Version 1.3.0, whose tests fail", expectedStatus: "failed", expectedVersion: "1.1.0", ct));

        var untouched = pushes[2].Pid == pushes[3].Pid;
        Timeline.Title("Result");
        timeline.Say(untouched ? "the failed test never touched what runs (same process id)" : "THE PROCESS CHANGED although the tests failed");
        timeline.Say($"idle memory: control plane {ResidentMegabytes(stack.Plane.ProcessId)} MB, agent {await AgentMegabytesAsync(stack.Vps, ct)} MB");
        var ok = untouched && pushes.All(p => p.AsExpected);
        Conclude(new JsonObject
        {
            ["ok"] = ok,
            ["deployments"] = new JsonArray([.. pushes.Select(p => p.ToJson())]),
            ["serving"] = pushes[^1].Version,
            ["seconds"] = Math.Round(timeline.Elapsed.TotalSeconds, 1),
        });
        return ok ? 0 : 1;
    }

    private static void Conclude(JsonObject result) =>
        Console.WriteLine(result.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    private static async Task<PushOutcome> PushAsync(LocalStack stack, AppRepository app, Timeline timeline, string message, string expectedStatus, string expectedVersion, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var commit = await app.PushAsync(message, ct);
        timeline.Say($"pushed {commit[..12]} \"{message}\"");
        var follower = new DeploymentFollower(stack.Api) { OnStep = timeline.Step };
        var id = await follower.FindAsync(DemoStack.Project, commit, TimeSpan.FromSeconds(15), ct);
        var deployment = await follower.FollowAsync(id, TimeSpan.FromMinutes(5), ct);
        var answer = await RunningApp.AskAsync(stack.Vps, DemoStack.Project, ct);
        var outcome = new PushOutcome(id, commit, (string)deployment["status"]!, (string?)deployment["summary"], answer.Version, answer.Pid, clock.Elapsed)
        {
            ExpectedStatus = expectedStatus,
            ExpectedVersion = expectedVersion,
        };
        timeline.Say($"{outcome.Status}: {outcome.Summary}");
        timeline.Say($"version {outcome.Version} answers");
        return outcome;
    }

    private static async Task ShowRunningAsync(LocalStack stack, PushOutcome push, Timeline timeline, CancellationToken ct)
    {
        var release = (await stack.Api.GetAsync($"api/deployments/{push.Id}", ct))["nodes"]![0]!["release"]!;
        timeline.Say($"generation {release["generation"]}, {release["storePath"]}");
        timeline.Say($"the app says, asked inside the VPS: {await RunningApp.BodyAsync(stack.Vps, (int)release["port"]!, ct)}");
        var status = await stack.Vps.RunAsync(["systemctl", "status", "--no-pager", "--lines=0", $"vpspilot-project-{DemoStack.Project}.service"], ct);
        foreach (var line in status.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            timeline.Say("  " + line);
        }
    }

    private static Task SetVersionAsync(AppRepository app, string from, string to, CancellationToken ct) =>
        Task.WhenAll(
            app.EditAsync("package.json", $"\"version\": \"{from}\"", $"\"version\": \"{to}\"", ct),
            app.EditAsync("package-lock.json", $"\"version\": \"{from}\"", $"\"version\": \"{to}\"", ct));

    private static long ResidentMegabytes(int pid)
    {
        using var process = Process.GetProcessById(pid);
        return process.WorkingSet64 / 1024 / 1024;
    }

    private static async Task<string> AgentMegabytesAsync(TestVps vps, CancellationToken ct)
    {
        var kilobytes = await vps.RunAsync(["bash", "-c", "ps -o rss= -p $(systemctl show --value --property MainPID vpspilot-agent)"], ct);
        return $"{long.Parse(kilobytes) / 1024}";
    }
}
