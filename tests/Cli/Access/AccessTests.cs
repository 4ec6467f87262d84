using System.Text.Json.Nodes;
using VpsPilot.Agent.Tests;
using VpsPilot.Cli.Tests.Running;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Cli.Tests.Access;

public sealed class AccessTests(ApiServer server) : IClassFixture<ApiServer>, IDisposable
{
    private readonly CliProgram program = CliProgram.For(server.Admin);

    [Fact]
    public async Task A_token_is_made_used_listed_and_deleted()
    {
        var made = await program.RunAsync("tokens", "create", "ci", "--role", "deployer", "--days", "30");
        made.Good().ShouldMatch("^vpp_[A-Za-z0-9_-]+\n$");
        made.Error.ShouldContain("shown only now");
        using var other = CliProgram.For(server.Admin);
        other.Environment["VPSPILOT_TOKEN"] = made.Out.Trim();
        (await other.RunAsync("whoami")).Good().ShouldStartWith("ci (deployer, all projects)");

        var tokens = JsonNode.Parse((await program.RunAsync("tokens", "list", "--json")).Good())!["items"]!.AsArray();
        var id = (string)tokens.Single(t => (string)t!["name"]! == "ci")!["id"]!;
        (await program.RunAsync("tokens", "list")).Good().ShouldContain($"{id}  ci ");
        (await program.RunAsync("tokens", "delete", id, "--yes")).Good().ShouldBe($"Deleted {id}.\n");
        (await other.RunAsync("whoami")).Bad(4).ShouldStartWith("error: A valid bearer token is required.\n");
        (await program.RunAsync("tokens", "create", "x", "--role", "king")).Bad(2).ShouldContain("'king'");
    }

    [Fact]
    public async Task The_audit_log_says_who_did_what()
    {
        (await program.RunAsync("nodes", "add", "audited")).Good();

        Golden.Matches("audit.txt", Tidy.Of(string.Join('\n', (await program.RunAsync("audit", "-n", "200")).Good().Split('\n').Where(l => l.Contains("WHEN", StringComparison.Ordinal) || l.Contains("CreateNode", StringComparison.Ordinal)))) + "\n");
        JsonNode.Parse((await program.RunAsync("audit", "-n", "1", "--json")).Good())!["items"]!.AsArray().Count.ShouldBe(1);
        (await program.RunAsync("audit", "-n", "1000")).Bad(3).ShouldBe("error: limit: must be a number from 1 to 200.\n");
    }

    [Fact]
    public async Task Keys_of_the_control_plane_are_changed()
    {
        (await program.RunAsync("keys", "status")).Good().ShouldBe("The key for events was never changed.\n");
        (await program.RunAsync("keys", "rotate", "events")).Good().ShouldMatch("^New key for events: .+ Nodes that have not taken it: none\\.\nThe earlier key is accepted until no node waits, or .+\n$");
        (await program.RunAsync("keys", "rotate", "events", "--overlap-hours", "0")).Good().ShouldEndWith("The earlier key is refused.\n");
        (await program.RunAsync("keys", "rotate", "events", "--overlap-hours", "-1")).Bad(3).ShouldContain("must be 0 to 720.");
        (await program.RunAsync("keys", "rotate", "commands")).Good().ShouldBe("A new key. Nodes that were asked to renew theirs: none.\n");
        (await program.RunAsync("keys", "rotate", "secrets")).Good().ShouldMatch("^A new key. Values that were encrypted anew: [0-9]+\\.\n$");
    }

    [Fact]
    public async Task A_person_is_asked_before_something_is_lost()
    {
        (await program.RunAsync("nodes", "add", "asked")).Good();
        await using (var no = Terminal.Start(program, "vpspilot nodes remove asked"))
        {
            await no.UntilAsync("Remove the node asked? [y/N]");
            await no.TypeAsync("n\r");
            (await no.ExitAsync()).ShouldBe(2);
        }

        await using var yes = Terminal.Start(program, "vpspilot nodes remove asked");
        await yes.UntilAsync("[y/N]");
        await yes.TypeAsync("y\r");
        (await yes.ExitAsync()).ShouldBe(0);
        yes.Text.ShouldContain("Removed asked.");
    }

    [Fact]
    public async Task A_secret_that_is_typed_is_not_shown()
    {
        var url = program.Environment["VPSPILOT_SERVER"];
        await using var terminal = Terminal.Start(program, $"vpspilot login {url}");
        await terminal.UntilAsync("Token for");

        await terminal.TypeAsync(program.Environment["VPSPILOT_TOKEN"] + "\r");

        (await terminal.ExitAsync()).ShouldBe(0);
        terminal.Text.ShouldContain("Logged in to");
        terminal.Text.ShouldNotContain("vpp_");
    }

    [Fact]
    public async Task A_project_is_opened_at_its_address() =>
        (await program.RunAsync("open", "-p", "shop")).Good().ShouldBe($"{program.Environment["VPSPILOT_SERVER"]}/projects/shop\n");

    public void Dispose() => program.Dispose();
}
