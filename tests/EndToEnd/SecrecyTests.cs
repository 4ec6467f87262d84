using System.Text;
using System.Text.Json.Nodes;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.EndToEnd.Tests;

/// <summary>Marked values go all the ways that values go; then everything that keeps anything is searched for them.</summary>
[Collection(StackCollection.Name)]
public sealed class SecrecyTests(StackFixture fixture)
{
    private const string Project = "secrecy";

    private readonly LocalStack stack = TestVps.Available ? fixture.Stack : null!;

    [VpsFact(Timeout = 600_000)]
    public async Task A_value_is_in_the_clear_in_the_env_file_and_in_the_process_and_nowhere_else()
    {
        string[] marks = [Mark("project"), Mark("changed"), Mark("node"), Mark("environment")];
        var app = await stack.CreateProjectAsync(Project, StackFixture.Sample("nodejs"));
        await app.WithShortWatchAsync();
        await SetAsync("DB_PASSWORD", marks[0]);
        await SetAsync("API_KEY", marks[2], "?node=" + LocalStack.Node);
        await SetAsync("TOKEN", marks[3], "?environment=production");

        // Build commands that say the values, in every form that people meet them in.
        await app.EditAsync("config.vpspilot.json", "\"type\": \"nodejs\",", "\"type\": \"nodejs\",\n  \"env\": { \"DATABASE_URL\": \"postgres://u:{{DB_PASSWORD}}@h/db\", \"API_KEY\": \"{{API_KEY}}\", \"TOKEN\": \"{{TOKEN}}\" },");
        await app.EditAsync("config.vpspilot.json", "\"npm ci\"", "\"npm ci\", \"node leak.cjs\"");
        await app.WriteAsync("leak.cjs", """
            for (const value of [process.env.DATABASE_URL, process.env.API_KEY, process.env.TOKEN]) {
              console.log(value); console.error(value);
              console.log(JSON.stringify({ value }), encodeURIComponent(value), Buffer.from(value).toString("base64"), Buffer.from("user:" + value).toString("base64"));
            }
            """);
        var first = await stack.PushAndWaitAsync(app, Project, "Says its secrets");
        first.Status().ShouldBe("succeeded", first.ToJsonString());
        (await stack.Api.GetTextAsync($"api/deployments/{first["id"]}/log")).ShouldContain("[redacted]");

        await SetAsync("DB_PASSWORD", marks[1]);
        await app.WriteAsync("test/leak.test.js", "import { test } from 'node:test';\ntest('leaks', () => { throw new Error('no login with ' + process.env.DATABASE_URL); });\n");
        var failed = await stack.PushAndWaitAsync(app, Project, "Fails with its secrets");
        failed.Status().ShouldBe("failed", failed.ToJsonString());
        await app.RestoreAsync((string)first["commit"]!);
        await app.EditAsync("server.js", "const port", "if (process.env.DATABASE_URL) { process.exit(7); }\nconst port");
        var rolledBack = await stack.PushAndWaitAsync(app, Project, "Crashes");
        rolledBack.Status().ShouldBe("rolled-back", rolledBack.ToJsonString());

        await ShouldServeAsync(marks[0]); // The release that serves has the values that it was built with.
        var found = await SearchAsync(marks);
        found.ShouldBeEmpty();
        var files = await InNodeAsync(marks);
        files.ShouldNotBeEmpty();
        files.ShouldAllBe(f => f.StartsWith($"/opt/vpspilot/projects/{Project}/releases/", StringComparison.Ordinal) && f.EndsWith("/.env", StringComparison.Ordinal));
        foreach (var file in files)
        {
            (await stack.Vps.RunAsync(["stat", "--format=%a %U", file])).Trim().ShouldBe($"600 vpspilot-{Project}");
        }
    }

    private static string Mark(string name) => $"zQ7-{name}-{Guid.NewGuid():N}/+%";

    private Task SetAsync(string name, string value, string scope = "") => stack.Api.PutAsync($"api/projects/{Project}/env/{name}{scope}", new JsonObject { ["value"] = value });

    private async Task ShouldServeAsync(string value)
    {
        var pid = (await stack.Vps.RunAsync(["systemctl", "show", "--value", "--property=MainPID", $"vpspilot-project-{Project}.service"])).Trim();
        (await stack.Vps.RunAsync(["cat", $"/proc/{pid}/environ"])).ShouldContain(value);
    }

    /// <summary>The value itself, and what of it is the same in any base64 or percent-encoding around it.</summary>
    private static IEnumerable<string> FormsOf(string mark)
    {
        yield return mark[..^3];
        for (var before = 0; before < 3; before++)
        {
            yield return Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', before) + mark))[4..^4];
        }
    }

    /// <summary>Every file of the control plane, every answer of its APIs, and the journal of the node.</summary>
    private async Task<IReadOnlyList<string>> SearchAsync(string[] marks)
    {
        var forms = marks.SelectMany(FormsOf).ToList();
        var places = new List<string>();
        void Look(string place, string text)
        {
            if (forms.Exists(f => text.Contains(f, StringComparison.Ordinal)))
            {
                places.Add(place);
            }
        }

        var searched = 0;
        foreach (var file in Directory.EnumerateFiles(fixture.DataDirectory, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            Look(file, await reader.ReadToEndAsync());
            searched++;
        }

        searched.ShouldBeGreaterThan(5);
        var paths = new List<string> { "api/audit?limit=200", "api/alerts?limit=200", "api/projects", $"api/projects/{Project}", $"api/projects/{Project}/env", $"api/projects/{Project}/env/DB_PASSWORD/versions", $"api/projects/{Project}/releases", $"api/nodes/{LocalStack.Node}", $"api/projects/{Project}/deployments?limit=200" };
        var deployments = (await stack.Api.GetAsync($"api/projects/{Project}/deployments?limit=200"))["items"]!.AsArray().Select(d => (string)d!["id"]!).ToList();
        paths.AddRange(deployments.SelectMany(d => new[] { $"api/deployments/{d}", $"api/deployments/{d}/log", $"api/projects/{Project}/env?release={d}" }));
        var key = (string)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(fixture.DataDirectory, "keys.json")))!["system"]!;
        paths.Add($"runtime/webhooks/durabletask/instances?showInput=true&top=1000&code={key}");
        paths.AddRange(deployments.Select(d => $"runtime/webhooks/durabletask/instances/{d}?showInput=true&showHistory=true&showHistoryOutput=true&code={key}"));
        foreach (var path in paths)
        {
            Look(path, await stack.Api.GetTextAsync(path));
        }

        Look("journal", await stack.Vps.RunAsync(["journalctl", "--no-pager", "--output=export"]));
        Look("units", await stack.Vps.RunAsync(["systemctl", "show", $"vpspilot-project-{Project}.service", "vpspilot-agent.service"]));
        (await stack.Vps.RunAsync(["systemctl", "show", "--value", "--property=LimitCORE", "vpspilot-agent.service"])).Trim().ShouldBe("0");
        return places;
    }

    /// <summary>Files of the node with a mark in any form.</summary>
    private async Task<IReadOnlyList<string>> InNodeAsync(string[] marks)
    {
        var patterns = string.Join('\n', marks.SelectMany(FormsOf));
        await stack.Vps.WriteFileAsync("/dev/shm/patterns", patterns);
        var found = await stack.Vps.ExecAsync(["grep", "--recursive", "--files-with-matches", "--text", "--fixed-strings", "--devices=skip", "--file=/dev/shm/patterns", "/opt", "/var", "/etc", "/run", "/root", "/tmp", "/nix/var", "/nix/store"], input: null);
        await stack.Vps.RunAsync(["rm", "/dev/shm/patterns"]);
        return found.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
