using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.EndToEnd.Tests;

[Collection(StackCollection.Name)]
public sealed class MainJobTests(StackFixture fixture)
{
    private readonly LocalStack stack = TestVps.Available ? fixture.Stack : null!;

    [VpsFact(Timeout = 600_000)]
    public async Task Good_pushes_serve_a_crashing_one_is_put_back_and_a_failing_test_touches_nothing()
    {
        var app = await stack.CreateProjectAsync("main-job", StackFixture.Sample("nodejs"));
        await app.WithShortWatchAsync();

        var first = await stack.PushAndWaitAsync(app, "main-job", "Version 1.0.0");
        first.Status().ShouldBe("succeeded", first.ToJsonString());
        first.Stages().ShouldBe(["fetch", "configure", "render", "environment", "compile", "test", "seal", "backup", "secrets", "start", "health", "switch", "watch"], ignoreOrder: true);
        (await RunningApp.AskAsync(stack.Vps, "main-job")).Version.ShouldBe("1.0.0");

        await app.EditAsync("package.json", "\"version\": \"1.0.0\"", "\"version\": \"1.1.0\"");
        var second = await stack.PushAndWaitAsync(app, "main-job", "Version 1.1.0");
        second.Status().ShouldBe("succeeded", second.ToJsonString());
        (await RunningApp.AskAsync(stack.Vps, "main-job")).Version.ShouldBe("1.1.0");
        var good = (string)second["commit"]!;

        await app.EditAsync("server.js", "const port", "throw new Error('no database');\nconst port");
        var crashing = await stack.PushAndWaitAsync(app, "main-job", "Crashes at start");
        crashing.Status().ShouldBe("rolled-back", crashing.ToJsonString());
        crashing.Failure()["message"]!.ToString().ShouldNotContain("\n");
        crashing.Failure()["stderrTail"]!.ToString().ShouldContain("no database");
        var served = await RunningApp.AskAsync(stack.Vps, "main-job");
        served.Version.ShouldBe("1.1.0");

        await app.RestoreAsync(good);
        await app.WriteAsync("test/broken.test.js", "import assert from 'node:assert';\nimport { test } from 'node:test';\ntest('the sum', () => assert.equal(1 + 1, 3));\n");
        var failing = await stack.PushAndWaitAsync(app, "main-job", "Tests fail");
        failing.Status().ShouldBe("failed", failing.ToJsonString());
        ((string)failing.Failure()["step"]!).ShouldBe("test");
        (await RunningApp.AskAsync(stack.Vps, "main-job")).ShouldBe(served);

        var log = await stack.Api.GetTextAsync($"api/deployments/{failing["id"]}/log");
        log.ShouldContain("the sum");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task Secrets_reach_the_app_through_a_file_only_its_user_can_read()
    {
        var app = await stack.CreateProjectAsync("with-secret", StackFixture.Sample("nodejs"));
        await app.WithShortWatchAsync();
        await app.EditAsync("config.vpspilot.json", "\"type\": \"nodejs\",", "\"type\": \"nodejs\",\n  \"env\": { \"GREETING\": \"{{GREETING}}\" },");
        await app.EditAsync("server.js", "const port", "if (process.env.GREETING !== 'it\\'s \"50%\" $HOME') { throw new Error('wrong greeting'); }\nconst port");

        var missing = await stack.PushAndWaitAsync(app, "with-secret", "Needs GREETING");
        missing.Status().ShouldBe("failed", missing.ToJsonString());
        ((string)missing.Failure()["step"]!).ShouldBe("configure");
        missing.Summary().ShouldContain("GREETING");

        await stack.Api.PutAsync("api/projects/with-secret/env/GREETING", new System.Text.Json.Nodes.JsonObject { ["value"] = "it's \"50%\" $HOME" });
        var deployed = await stack.DeployAndWaitAsync("with-secret", []);
        deployed.Status().ShouldBe("succeeded", deployed.ToJsonString());
        var mode = await stack.Vps.RunAsync(["bash", "-c", "stat -c %a $(systemctl show --value -p EnvironmentFiles vpspilot-project-with-secret.service | cut -d' ' -f1 | grep '/[.]env$')"]);
        mode.Trim().ShouldBe("600");
    }
}
