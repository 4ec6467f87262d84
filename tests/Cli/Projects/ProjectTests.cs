using System.Net.Http.Json;
using System.Text.Json.Nodes;
using VpsPilot.Agent.Tests;
using VpsPilot.Cli.Tests.Running;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Cli.Tests.Projects;

public sealed class ProjectTests(ApiServer server) : IClassFixture<ApiServer>, IAsyncLifetime
{
    private readonly CliProgram program = CliProgram.For(server.Admin);

    public async Task InitializeAsync() => await server.Admin.PostAsync("api/nodes", JsonContent.Create(new { name = "web-1" }));

    [Fact]
    public async Task A_project_is_made_of_the_repository_that_one_is_in_and_found_by_it_again()
    {
        using var repository = await GitFolder.WithRemoteAsync("https://github.com/example/shop.git");

        var made = await program.RunAsync(["projects", "create", "shop", "--node", "web-1"], "", repository.Path);
        Golden.Matches("create.txt", Tidy.Of(made.Good()));
        made.Error.ShouldContain("the secret is shown only now");
        Golden.Matches("show.txt", Tidy.Of((await program.RunAsync(["projects", "show"], "", repository.Path)).Good()));

        // The same repository, cloned in another way, under another name of the remote, and from a folder in it.
        using var other = await GitFolder.WithRemoteAsync("git@github.com:example/shop", "upstream");
        other.Write("deep/down/file", "");
        (await program.RunAsync(["projects", "show"], "", Path.Combine(other.Path, "deep/down"))).Good().ShouldContain("project      shop\n");
        (await program.RunAsync("projects", "delete", "shop", "--yes")).Good().ShouldBe("Deleted shop.\n");
    }

    [Fact]
    public async Task Of_several_projects_in_a_repository_the_one_of_this_folder_counts()
    {
        using var repository = await GitFolder.WithRemoteAsync("ssh://git@git.example.org:2222/team/all.git");
        foreach (var (id, config) in ((string, string)[])[("all-api", "api/config.vpspilot.json"), ("all-web", "web/config.vpspilot.json")])
        {
            repository.Write(config, "{}");
            (await program.RunAsync(["projects", "create", id, "--node", "web-1", "--config-file", config], "", repository.Path)).Good();
        }

        (await program.RunAsync(["projects", "show"], "", Path.Combine(repository.Path, "web"))).Good().ShouldContain("project      all-web\n");
        (await program.RunAsync(["projects", "show"], "", repository.Path)).Bad(2).ShouldBe("error: 2 projects have this repository: all-api, all-web.\nhint:  Name one with --project.\n");
        (await program.RunAsync(["projects", "show", "-p", "all-api"], "", repository.Path)).Good().ShouldContain("all-api");
        program.Environment["VPSPILOT_PROJECT"] = "all-api";
        (await program.RunAsync("projects", "show")).Good().ShouldContain("all-api");
    }

    [Fact]
    public async Task Where_no_project_can_be_told_it_says_what_to_type()
    {
        using var stranger = await GitFolder.WithRemoteAsync("https://github.com/example/unknown");

        (await program.RunAsync("projects", "show")).Bad(2).ShouldContain("hint:  Name it with --project;");
        (await program.RunAsync(["projects", "show"], "", stranger.Path)).Bad(5)
            .ShouldBe("error: No project has the repository https://github.com/example/unknown.\nhint:  Make it with: vpspilot projects create ID --node NODE\n");
    }

    [Fact]
    public async Task A_list_has_all_pages_and_a_limited_token_sees_its_own()
    {
        foreach (var i in Enumerable.Range(0, 203))
        {
            await server.ProjectAsync($"page-{i:000}", "web-1");
        }

        var all = JsonNode.Parse((await program.RunAsync("projects", "list", "--json")).Good())!["items"]!.AsArray().Select(p => (string)p!["id"]!).ToList();
        all.Count(id => id.StartsWith("page-", StringComparison.Ordinal)).ShouldBe(203);
        var created = JsonNode.Parse(await (await server.Admin.PostAsync("api/tokens", JsonContent.Create(new { name = "one", role = "viewer", projects = new[] { "page-007" } }))).Content.ReadAsStringAsync())!;
        program.Environment["VPSPILOT_TOKEN"] = (string)created["token"]!;

        Golden.Matches("limited.txt", (await program.RunAsync("projects", "list")).Good());
        (await program.RunAsync("nodes", "list")).Bad(4).ShouldBe("error: The token may not do this.\nhint:  The token 'one' is limited to other projects.\n");
    }

    public Task DisposeAsync()
    {
        program.Dispose();
        return Task.CompletedTask;
    }
}
