using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Tests.Projects;

public sealed class ProjectValidationTests : IAsyncLifetime
{
    private readonly TestPlane plane = new();

    private ProjectValidation Validation => plane.Get<ProjectValidation>();

    [Fact]
    public async Task Every_mistake_is_listed()
    {
        var request = new ProjectRequest { Id = "Shop!", Branch = "a..b", Provider = "svn", Nodes = ["web-1"] };

        var errors = await Validation.CheckNewAsync(request, default);

        errors.Select(e => e.Path).ShouldBe(["$.id", "$.repository", "$.branch", "$.provider", "$.nodes[0]"]);
    }

    [Theory]
    [InlineData("edge")]
    [InlineData("server")]
    [InlineData("current")]
    public async Task A_project_cannot_have_a_name_that_nodes_have_for_themselves(string id) =>
        (await Validation.CheckNewAsync(new() { Id = id, Repository = "https://example.org/shop.git", Nodes = [] }, default)).Select(e => e.Path).ShouldContain("$.id");

    [Fact]
    public async Task A_right_project_has_no_mistake()
    {
        await plane.Get<NodeStore>().CreateAsync("web-1", new Dictionary<string, string>(), default);

        (await Validation.CheckNewAsync(new() { Id = "shop", Repository = "https://example.org/shop.git", Nodes = ["web-1"] }, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task More_nodes_than_a_document_can_name_are_a_mistake_and_no_fault()
    {
        var request = new ProjectRequest { Nodes = [.. Enumerable.Range(0, 3000).Select(i => $"node-{i:0000}")] };

        (await Validation.CheckAsync(request, default)).ShouldHaveSingleItem().Path.ShouldBe("$.nodes");
    }

    [Theory]
    [InlineData("https://example.org/a.git", true)]
    [InlineData("ssh://git@example.org/a.git", true)]
    [InlineData("git@example.org:team/a.git", true)]
    [InlineData("git://127.0.0.1:9418/a", true)]
    [InlineData("file:///srv/git/a.git", true)]
    [InlineData("/srv/git/a.git", true)]
    [InlineData("ext::sh -c evil", false)]
    [InlineData("ext::sh", false)]
    [InlineData("--upload-pack=evil", false)]
    [InlineData("-evil@host:path", false)]
    [InlineData("https://user:token@example.org/a.git", false)]
    [InlineData("relative/path", false)]
    [InlineData("https://", false)]
    public async Task Only_what_git_may_clone_is_a_repository(string repository, bool isRight)
    {
        (await Validation.CheckAsync(new() { Repository = repository }, default)).Count.ShouldBe(isRight ? 0 : 1);
    }

    [Theory]
    [InlineData("api/config.vpspilot.json", true)]
    [InlineData("config.vpspilot.json", true)]
    [InlineData("api/", false)]
    [InlineData("/etc/config.json", false)]
    [InlineData("../config.json", false)]
    [InlineData("a/./config.json", false)]
    [InlineData(".git/config.json", false)]
    [InlineData("a\\config.json", false)]
    [InlineData("", false)]
    public async Task A_config_file_is_a_json_file_inside_the_repository(string file, bool isRight) =>
        (await Validation.CheckAsync(new() { ConfigFile = file }, default)).Select(e => e.Path).ShouldBe(isRight ? [] : ["$.configFile"]);

    [Theory]
    [InlineData("main", true)]
    [InlineData("feature/x", true)]
    [InlineData("-x", false)]
    [InlineData("a b", false)]
    [InlineData("a.lock", false)]
    [InlineData("a~1", false)]
    [InlineData("", false)]
    public void Branch_names_follow_git(string branch, bool isRight) => ProjectValidation.IsBranch(branch).ShouldBe(isRight);

    [Theory]
    [InlineData("a", true)]
    [InlineData("my-shop-2", true)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("A", false)]
    [InlineData("a.b", false)]
    [InlineData("", false)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void Ids_follow_the_rule(string id, bool isRight) => Identifier.IsValid(id).ShouldBe(isRight);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => plane.DisposeAsync().AsTask();
}
