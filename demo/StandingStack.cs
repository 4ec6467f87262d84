using System.Diagnostics;
using System.Text.Json.Nodes;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Demo;

/// <summary>The demo's stack, left running for a person to play with, and its removal.</summary>
internal static class StandingStack
{
    public static async Task<int> UpAsync(DemoPaths paths, CancellationToken ct)
    {
        await DownAsync(paths, ct);
        var timeline = new Timeline();
        var (stack, app) = await DemoStack.StartAsync(paths, timeline, ct);
        Console.WriteLine($"""

            Control plane   {stack.Plane.Url}  (the dashboard, in a browser)
            Admin token     {stack.Plane.AdminToken}
            Node            {LocalStack.Node}, a test VPS (shell: tests/testbed/vps.sh exec {DemoStack.VpsName} -- bash -l)
            Project         {DemoStack.Project}, git push to {app.Bare} deploys it

            Deploy the sample:
              git clone {app.Bare} my-app && cp -r samples/nodejs/. my-app/
              cd my-app && git checkout -B main && git add --all && git commit -m first && git push origin main

            Deploy a repository of your own (the node must be able to clone it):
              curl -H 'Authorization: Bearer {stack.Plane.AdminToken}' -H 'Content-Type: application/json' {stack.Plane.Url}api/projects \
                -d '{"{"}"id":"my-app","repository":"https://…","branch":"main","nodes":["{LocalStack.Node}"]{"}"}'
              curl -X POST -H 'Authorization: Bearer {stack.Plane.AdminToken}' -H 'Content-Type: application/json' {stack.Plane.Url}api/projects/my-app/deployments -d '{"{"}{"}"}'

            make down removes all of it.
            """);
        return 0;
    }

    /// <summary>Keeps what runs for <see cref="DownAsync"/>, also for a demo that is killed.</summary>
    public static Task RecordAsync(DemoPaths paths, LocalStack stack, CancellationToken ct) =>
        File.WriteAllTextAsync(paths.Stack, new JsonObject { ["processes"] = new JsonArray(stack.Plane.ProcessId, stack.Git.ProcessId) }.ToJsonString(), ct);

    public static async Task<int> DownAsync(DemoPaths paths, CancellationToken ct)
    {
        if (File.Exists(paths.Stack))
        {
            var stack = JsonNode.Parse(await File.ReadAllTextAsync(paths.Stack, ct))!;
            foreach (var pid in stack["processes"]!.AsArray())
            {
                await StopIfOursAsync((int)pid!, paths);
            }
        }

        await TestVps.RemoveAsync(DemoStack.VpsName, ct);
        if (Directory.Exists(paths.State))
        {
            Directory.Delete(paths.State, recursive: true);
        }

        return 0;
    }

    /// <summary>A process id may have been given to another program since: only one that works in our folder is stopped.</summary>
    private static async Task StopIfOursAsync(int pid, DemoPaths paths)
    {
        var folder = new FileInfo($"/proc/{pid}/cwd").LinkTarget;
        if (folder is not null && folder.StartsWith(paths.State, StringComparison.Ordinal))
        {
            using var process = Process.GetProcessById(pid);
            await BackgroundProcess.StopAsync(process, TimeSpan.FromSeconds(20));
        }
    }
}
