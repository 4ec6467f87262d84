using System.Text;
using VpsPilot.Agent.Builds;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;

namespace VpsPilot.Agent.Tests.Builds;

/// <summary>Repositories that mean harm, fetched as the agent fetches: with its rights.</summary>
public sealed class HostileRepositoryTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly AgentPaths paths;
    private readonly BuildWorkspace workspace;
    private readonly SourceFetcher fetcher;

    public HostileRepositoryTests()
    {
        var settings = new AgentSettings { Root = folder["root"], StateDirectory = folder["state"], Build = new BuildSettings { SourceMax = 4 << 20 } };
        paths = new AgentPaths(settings);
        Directory.CreateDirectory(folder["state"]);
        workspace = new BuildWorkspace(paths, "p", "d");
        workspace.Create();
        fetcher = new SourceFetcher(paths, settings, new ProcessRunner(TimeProvider.System));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../outside")]
    [InlineData("deep/../../outside")]
    [InlineData("deep/./../..//outside")]
    public async Task A_link_out_of_the_tree_is_refused_and_named(string target)
    {
        var repository = await GitRepository.CreateAsync(folder["repo"]);
        Directory.CreateDirectory(Path.Combine(repository.Path, "deep"));
        File.CreateSymbolicLink(Path.Combine(repository.Path, "link"), target);
        await repository.CommitAsync("Links", ("deep/file", "x"));

        var failure = (await FetchAsync(repository.Path)).Failure.ShouldNotBeNull();

        (failure.Kind, failure.Step).ShouldBe((FailureKind.Rejected, Stages.Fetch));
        failure.Problems.ShouldHaveSingleItem().Path.ShouldBe("link");
    }

    [Fact]
    public async Task Links_inside_the_tree_are_taken()
    {
        var repository = await GitRepository.CreateAsync(folder["repo"]);
        Directory.CreateDirectory(Path.Combine(repository.Path, "a/b"));
        File.CreateSymbolicLink(Path.Combine(repository.Path, "a/b/up"), "../../file");
        File.CreateSymbolicLink(Path.Combine(repository.Path, "dangling"), "not-there");
        await repository.CommitAsync("Links", ("file", "x"), ("a/b/c", "y"));

        (await FetchAsync(repository.Path)).Value.ShouldNotBeNull();
        File.ReadAllText(Path.Combine(workspace.Source, "a/b/up")).ShouldBe("x");
    }

    [Fact]
    public async Task A_link_that_climbs_behind_another_link_is_refused()
    {
        var repository = await GitRepository.CreateAsync(folder["repo"]);
        Directory.CreateDirectory(Path.Combine(repository.Path, "a/b"));
        File.CreateSymbolicLink(Path.Combine(repository.Path, "a/b/top"), "../..");
        File.CreateSymbolicLink(Path.Combine(repository.Path, "a/b/out"), "top/../../x");
        await repository.CommitAsync("Links", ("file", "x"));

        (await FetchAsync(repository.Path)).Failure.ShouldNotBeNull().Problems.ShouldHaveSingleItem().Path.ShouldBe("a/b/out");
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".git")]
    [InlineData(".GIT")]
    [InlineData("git~1")]
    public async Task A_tree_with_a_name_that_leaves_its_folder_or_is_gits_own_is_not_even_stored(string name)
    {
        var repository = await GitRepository.CreateAsync(folder["repo"]);
        await repository.CommitAsync("First", ("hooks/post-checkout", "#!/bin/sh\ntouch /tmp/owned\n"));
        var inner = await repository.GitAsync("rev-parse", "HEAD^{tree}");
        var tree = await WriteTreeAsync(repository, $"40000 {name}\0", inner);
        var commit = await repository.GitAsync("commit-tree", tree, "-m", "Evil");
        await repository.GitAsync("update-ref", "refs/heads/main", commit);

        var failure = (await FetchAsync(repository.Path)).Failure.ShouldNotBeNull();

        failure.Step.ShouldBe(Stages.Fetch);
        Directory.Exists(workspace.Source).ShouldBeFalse();
    }

    [Fact]
    public async Task Hooks_filters_and_settings_of_a_repository_run_nothing()
    {
        var repository = await GitRepository.CreateAsync(folder["repo"]);
        var mark = folder["owned"];
        await repository.GitAsync("config", "core.fsmonitor", $"touch {mark}");
        await repository.GitAsync("config", "core.sshCommand", $"touch {mark}");
        await repository.GitAsync("config", "uploadpack.packObjectsHook", $"touch {mark}");
        foreach (var hook in new[] { "post-checkout", "pre-receive", "reference-transaction", "post-index-change" })
        {
            await File.WriteAllTextAsync(Path.Combine(repository.Path, ".git/hooks", hook), $"#!/bin/sh\ntouch {mark}\n");
            File.SetUnixFileMode(Path.Combine(repository.Path, ".git/hooks", hook), (UnixFileMode)0b111_101_101);
        }

        await repository.CommitAsync("Evil",
            (".gitattributes", "* filter=evil diff=evil merge=evil\n"),
            (".gitconfig", $"[filter \"evil\"]\n\tsmudge = touch {mark}\n\trequired = true\n"),
            (".lfsconfig", $"[lfs]\n\turl = file://{mark}\n"),
            ("bare/HEAD", "ref: refs/heads/main\n"), ("bare/config", $"[core]\n\tfsmonitor = touch {mark}\n"), ("bare/objects/x", ""), ("bare/refs/x", ""),
            ("app.js", "1"));
        File.Delete(mark);

        (await FetchAsync(repository.Path)).Value.ShouldNotBeNull();

        File.ReadAllText(Path.Combine(workspace.Source, "app.js")).ShouldBe("1");
        File.Exists(mark).ShouldBeFalse();
    }

    [Theory]
    [InlineData("ext::sh -c touch% {0}")]
    [InlineData("file://{1}")]
    [InlineData("{1}")]
    [InlineData("--upload-pack=touch {0}")]
    public async Task A_submodule_that_is_a_path_of_the_node_or_a_program_is_refused(string url)
    {
        var mark = folder["owned"];
        var secret = await GitRepository.CreateAsync(folder["private"]);
        var commit = await secret.CommitAsync("Secret", ("secret", "x"));
        var repository = await GitRepository.CreateAsync(folder["repo"]);
        await repository.CommitAsync("First", ("a", "1"));
        await File.WriteAllTextAsync(Path.Combine(repository.Path, ".gitmodules"), $"[submodule \"s\"]\n\tpath = s\n\turl = \"{string.Format(url, mark, secret.Path)}\"\n\tupdate = !touch {mark}\n");
        await repository.GitAsync("add", ".gitmodules");
        await repository.GitAsync("update-index", "--add", "--cacheinfo", $"160000,{commit},s");
        await repository.GitAsync("commit", "--quiet", "--message", "Submodule");

        (await FetchAsync(repository.Path)).Failure.ShouldNotBeNull().Step.ShouldBe(Stages.Fetch);

        File.Exists(mark).ShouldBeFalse();
        File.Exists(Path.Combine(workspace.Source, "s/secret")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_commit_with_more_bytes_than_the_node_takes_is_refused_before_it_is_checked_out()
    {
        var repository = await GitRepository.CreateAsync(folder["repo"]);
        await repository.CommitAsync("Large", ("large", new string('x', 5 << 20)));

        var failure = (await FetchAsync(repository.Path)).Failure.ShouldNotBeNull();

        failure.Message.ShouldBe("The commit's files are 5 MB together; this node takes 4 MB.");
        Directory.Exists(workspace.Source).ShouldBeFalse();
    }

    [Fact]
    public async Task Names_with_newlines_quotes_and_controls_are_only_names()
    {
        var repository = await GitRepository.CreateAsync(folder["repo"]);
        string[] names = ["a\nb", "-rf", "$(touch x)", "\"q\" 'q'", "tab\there", "\u001b[31mred", "10 blob 99999999999\tz"];
        await repository.CommitAsync("Names\u001b[31m", [.. names.Select(n => (n, "x"))]);

        (await FetchAsync(repository.Path)).Value.ShouldNotBeNull();

        Directory.GetFiles(workspace.Source).Select(Path.GetFileName).Where(n => n != ".git").ShouldBe(names, ignoreOrder: true);
    }

    [Fact]
    public void A_config_of_100_MB_is_refused_unread()
    {
        Directory.CreateDirectory(workspace.Source);
        using (var file = File.Create(Path.Combine(workspace.Source, "config.vpspilot.json")))
            file.SetLength(100 << 20);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var failure = ConfigLoader.Load(workspace.Source, new Dictionary<string, string>()).Failure.ShouldNotBeNull();

        failure.Message.ShouldContain("at most 1048576 are read");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4 << 20);
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void A_config_nested_deep_is_refused(char open, char close)
    {
        Directory.CreateDirectory(workspace.Source);
        var part = open == '{' ? "{\"env\":" : "[";
        var text = $"{{ \"type\": \"nodejs\", \"env\": {string.Concat(Enumerable.Repeat(part, 50_000))}1{new string(close, 50_000)} }}";
        File.WriteAllText(Path.Combine(workspace.Source, "config.vpspilot.json"), text);

        ConfigLoader.Load(workspace.Source, new Dictionary<string, string>()).Failure.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Rejected);
    }

    [Fact]
    public void Nobody_but_the_owner_enters_a_projects_cache() =>
        (File.GetUnixFileMode(paths.Cache("p")) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute)).ShouldBe(UnixFileMode.None);

    public void Dispose() => folder.Dispose();

    private Task<Result<FetchedSource>> FetchAsync(string repository) =>
        fetcher.FetchAsync("p", new BuildCommand { Repository = repository, Branch = "main" }, workspace, new CommandOutput(null), default).WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>A tree object with one entry, written past git's own checks.</summary>
    private async Task<string> WriteTreeAsync(GitRepository repository, string entry, string objectId)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes(entry), .. Convert.FromHexString(objectId)];
        var file = folder["tree"];
        await File.WriteAllBytesAsync(file, content);
        return await repository.GitAsync("hash-object", "-t", "tree", "-w", "--literally", file);
    }
}
