using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Functions.Tests.Webhooks;

/// <summary>The script of the GitHub action against the real control plane.</summary>
public sealed class DeployActionTests(ApiServer server) : IClassFixture<ApiServer>, IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private SimulatedAgent agent = null!;
    private JsonNode project = null!;

    public async Task InitializeAsync()
    {
        var name = $"ci-{Guid.NewGuid():N}"[..12];
        agent = await server.AgentAsync(name);
        project = await server.ProjectAsync(name, name);
    }

    [Fact]
    public async Task A_commit_is_deployed_and_the_end_is_waited_for()
    {
        var (code, output, outputs) = await RunAsync(("VPSPILOT_TOKEN", await TokenAsync()), ("VPSPILOT_MESSAGE", "A \"quoted\" line\nand another; $(false)"));

        code.ShouldBe(0, output);
        outputs["status"].ShouldBe("succeeded");
        var deployment = await server.Admin.GetAsync($"api/deployments/{outputs["deployment-id"]}").JsonAsync();
        ((string)deployment["subject"]!).ShouldBe("A \"quoted\" line");
        ((string)deployment["commit"]!).ShouldBe(TestData.Commit);
        ((string)deployment["requestedBy"]!).ShouldBe("ada");
    }

    [Fact]
    public async Task Without_a_token_it_asks_and_waits_for_nothing()
    {
        var (code, output, outputs) = await RunAsync();

        code.ShouldBe(0, output);
        outputs["status"].ShouldBe("queued");
        (await server.EndAsync(outputs["deployment-id"])).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_deployment_that_fails_fails_the_job_and_says_why()
    {
        agent.Answer = command => command.Body is BuildCommand
            ? new CommandResult { Outcome = CommandOutcome.Failed, Failure = new Failure("test", FailureKind.Exit, "npm test exited with code 1") }
            : SimulatedAgent.Succeed(command);

        var (code, output, outputs) = await RunAsync(("VPSPILOT_TOKEN", await TokenAsync()));

        code.ShouldBe(1);
        outputs["status"].ShouldBe("failed");
        output.ShouldContain("::error::");
        output.ShouldContain("npm test exited with code 1");
    }

    [Fact]
    public async Task What_the_control_plane_ignores_is_no_error()
    {
        var (code, output, outputs) = await RunAsync(("VPSPILOT_MESSAGE", "Docs [skip deploy]"));

        code.ShouldBe(0, output);
        outputs.ShouldBe(new Dictionary<string, string> { ["deployment-id"] = "", ["status"] = "ignored" }, ignoreOrder: true);
    }

    [Theory]
    [InlineData("VPSPILOT_WEBHOOK_SECRET", "wrong", 1, "answered 401: The signature is missing or wrong.")]
    [InlineData("VPSPILOT_PROJECT", "nobody", 1, "answered 404")]
    [InlineData("VPSPILOT_COMMIT", "main", 1, "answered 400")]
    [InlineData("VPSPILOT_REF", "refs/pull/7/merge", 2, "neither refs/heads/… nor refs/tags/…")]
    [InlineData("VPSPILOT_URL", "", 2, "These are not set: VPSPILOT_URL.")]
    public async Task A_mistake_is_named_and_no_secret_with_it(string name, string value, int code, string message)
    {
        var (exit, output, _) = await RunAsync((name, value));

        exit.ShouldBe(code, output);
        output.ShouldContain(message);
        output.ShouldNotContain((string)project["webhookSecret"]!);
    }

    public async Task DisposeAsync() => await agent.DisposeAsync();

    public void Dispose() => folder.Dispose();

    private async Task<string> TokenAsync() => (string)(await server.Admin.PostAsync("api/tokens", JsonContent.Create(new { name = "ci", role = "viewer" })).JsonAsync(System.Net.HttpStatusCode.Created))["token"]!;

    private async Task<(int Code, string Output, Dictionary<string, string> Outputs)> RunAsync(params (string Name, string Value)[] settings)
    {
        var outputs = Path.Combine(folder.Path, Guid.NewGuid().ToString("N"));
        await File.WriteAllTextAsync(outputs, "");
        var start = new ProcessStartInfo("/bin/bash", [Script()]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        (string, string)[] all =
        [
            ("VPSPILOT_URL", server.Anonymous.BaseAddress!.ToString()), ("VPSPILOT_PROJECT", (string)project["id"]!), ("VPSPILOT_WEBHOOK_SECRET", (string)project["webhookSecret"]!),
            ("VPSPILOT_COMMIT", TestData.Commit), ("VPSPILOT_REF", "refs/heads/main"), ("VPSPILOT_BY", "ada"), ("VPSPILOT_INTERVAL", "0.1"), ("VPSPILOT_TIMEOUT", "60"), ("GITHUB_OUTPUT", outputs),
            .. settings,
        ];
        foreach (var (name, value) in all)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(limit.Token);
        var lines = await File.ReadAllLinesAsync(outputs, limit.Token);
        return (process.ExitCode, await output + await errors, lines.Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l[1], StringComparer.Ordinal));
    }

    private static string Script([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../../infra/github/deploy/deploy.sh"));
}
