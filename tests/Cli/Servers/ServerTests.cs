using System.Net.Http.Json;
using System.Text.Json.Nodes;
using VpsPilot.Cli.Tests.Running;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Cli.Tests.Servers;

public sealed class ServerTests(ApiServer server) : IClassFixture<ApiServer>, IDisposable
{
    private readonly CliProgram program = new();

    private string Url => server.Anonymous.BaseAddress!.GetLeftPart(UriPartial.Authority);

    private string Token => server.Admin.DefaultRequestHeaders.Authorization!.Parameter!;

    [Fact]
    public async Task Who_logs_in_once_is_known_from_then_on_and_the_token_is_in_a_file_of_theirs_alone()
    {
        var login = await program.RunAsync(["login", Url + "/"], Token + "\n");

        login.Good().ShouldBe($"Logged in to {Url} as admin (admin, all projects).\n");
        File.GetUnixFileMode(program.ConfigFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Path.GetDirectoryName(program.ConfigFile)!).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (await program.RunAsync("whoami")).Good().ShouldBe($"admin (admin, all projects) at {Url}\n");
    }

    [Fact]
    public async Task Several_servers_are_kept_and_named()
    {
        var reader = await (await server.Admin.PostAsync("api/tokens", JsonContent.Create(new { name = "reader", role = "viewer" }))).Content.ReadFromJsonAsync<JsonObject>();
        (await program.RunAsync(["login", Url, "--name", "work"], Token)).Good();
        (await program.RunAsync(["login", Url, "--name", "play"], (string)reader!["token"]!)).Good();

        (await program.RunAsync("whoami")).Good().ShouldStartWith("reader (viewer, all projects)");
        (await program.RunAsync("whoami", "--server", "work")).Good().ShouldStartWith("admin");
        program.Environment["VPSPILOT_SERVER"] = "work";
        (await program.RunAsync("whoami")).Good().ShouldStartWith("admin");
        program.Environment["VPSPILOT_TOKEN"] = (string)reader["token"]!;
        (await program.RunAsync("whoami")).Good().ShouldStartWith("reader");
        (await program.RunAsync("whoami", "--server", "elsewhere")).Bad(4).ShouldBe("error: No server 'elsewhere' is known.\nhint:  Known are: play, work\n");
        program.Environment.Clear();
        (await program.RunAsync("logout")).Good().ShouldBe("Forgot play. The current server is work.\n");
        (await program.RunAsync("whoami")).Good().ShouldStartWith("admin");
    }

    [Fact]
    public async Task A_token_that_is_refused_is_not_kept()
    {
        (await program.RunAsync(["login", Url], "vpp_guess")).Bad(4).ShouldBe("error: A valid bearer token is required.\nhint:  Log in with: vpspilot login URL\n");
        File.Exists(program.ConfigFile).ShouldBeFalse();
        (await program.RunAsync(["login", Url], "")).Bad(2).ShouldContain("No token was given");
        (await program.RunAsync("nodes", "list")).Bad(4).ShouldBe("error: No server is known yet.\nhint:  Log in with: vpspilot login URL\n");
    }

    [Fact]
    public async Task A_token_goes_nowhere_in_plain_text()
    {
        program.Environment["VPSPILOT_TOKEN"] = Token;

        (await program.RunAsync(["login", "http://pilot.example.org"], Token)).Bad(2).ShouldContain("not encrypted");
        (await program.RunAsync("whoami", "--server", "http://pilot.example.org")).Bad(2).ShouldContain("not encrypted");
        (await program.RunAsync("login", "pilot.example.org")).Bad(2).ShouldContain("is not the address of a control plane");
    }

    [Fact]
    public async Task A_file_of_tokens_that_others_can_read_is_not_used()
    {
        (await program.RunAsync(["login", Url], Token)).Good();
        File.SetUnixFileMode(program.ConfigFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        (await program.RunAsync("whoami")).Bad(2).ShouldBe($"error: {program.ConfigFile} has tokens, and others can read it.\nhint:  chmod 600 {program.ConfigFile}\n");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_told_in_one_line_and_as_JSON()
    {
        var nobody = $"http://127.0.0.1:{ApiServer.FreePort()}";
        program.Environment["VPSPILOT_TOKEN"] = "vpp_x";

        (await program.RunAsync("whoami", "--server", nobody)).Bad(6).ShouldBe($"error: {nobody} cannot be reached: Connection refused.\nhint:  Check the address, and that the control plane runs.\n");
        var json = JsonNode.Parse((await program.RunAsync("whoami", "--json", "--server", nobody)).Bad(6))!;
        ((string?)json["code"], (int?)json["exitCode"]).ShouldBe(("unreachable", 6));
    }

    public void Dispose() => program.Dispose();
}
