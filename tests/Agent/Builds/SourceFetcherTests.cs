using VpsPilot.Agent.Builds;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;

namespace VpsPilot.Agent.Tests.Builds;

public sealed class SourceFetcherTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly AgentPaths paths;
    private readonly BuildWorkspace workspace;
    private readonly SourceFetcher fetcher;

    public SourceFetcherTests()
    {
        var settings = new AgentSettings { Root = folder["root"], StateDirectory = folder["state"] };
        paths = new AgentPaths(settings);
        Directory.CreateDirectory(folder["state"]);
        workspace = new BuildWorkspace(paths, "p", "d");
        workspace.Create();
        fetcher = new SourceFetcher(paths, settings, new ProcessRunner(TimeProvider.System));
    }

    [Fact]
    public async Task A_commit_of_the_branch_lies_in_the_work_tree()
    {
        var repository = await GitRepository.CreateAsync(folder["repo"]);
        var first = await repository.CommitAsync("First\n\nbody", ("a.txt", "one"));
        await repository.CommitAsync("Second", ("a.txt", "two"));
        var fetched = (await FetchAsync(repository.Path, "main", first)).Value.ShouldNotBeNull();
        fetched.ShouldBe(new FetchedSource(first, "First"));
        File.ReadAllText(Path.Combine(workspace.Source, "a.txt")).ShouldBe("one");
    }

    [Fact]
    public async Task Without_a_commit_the_head_of_the_branch_is_taken_also_after_it_was_forced_back()
    {
        var repository = await GitRepository.CreateAsync(folder["repo"]);
        var first = await repository.CommitAsync("First", ("a.txt", "one"));
        var second = await repository.CommitAsync("Second", ("a.txt", "two"));
        (await FetchAsync(repository.Path, "main", null)).Value.ShouldNotBeNull().Commit.ShouldBe(second);
        await repository.GitAsync("reset", "--quiet", "--hard", first);
        workspace.Create();
        (await FetchAsync("file://" + repository.Path, "main", null)).Value.ShouldNotBeNull().Commit.ShouldBe(first);
        File.ReadAllText(Path.Combine(workspace.Source, "a.txt")).ShouldBe("one");
    }

    [Fact]
    public async Task A_commit_of_another_branch_is_refused_and_both_are_named()
    {
        var repository = await GitRepository.CreateAsync(folder["repo"]);
        var head = await repository.CommitAsync("First");
        await repository.GitAsync("checkout", "--quiet", "-b", "side");
        var aside = await repository.CommitAsync("Aside", ("b", "b"));
        var failure = (await FetchAsync(repository.Path, "main", aside)).Failure.ShouldNotBeNull();
        failure.Step.ShouldBe(Stages.Fetch);
        failure.Message.ShouldBe($"The commit {aside[..12]} is not on the branch main, whose head is {head[..12]}.");
        failure.Hint.ShouldNotBeNull();
        (await FetchAsync(repository.Path, "main", new string('1', 40))).Failure.ShouldNotBeNull().Message.ShouldContain("is not on the branch main");
    }

    [Fact]
    public async Task A_missing_branch_is_named_with_gits_own_words()
    {
        var repository = await GitRepository.CreateAsync(folder["repo"]);
        await repository.CommitAsync("First");
        var failure = (await FetchAsync(repository.Path, "release", null)).Failure.ShouldNotBeNull();
        failure.Message.ShouldBe("The repository has no branch release: fatal: couldn't find remote ref refs/heads/release");
        failure.Hint.ShouldBe("Push the branch, or correct the project's branch.");
        failure.Kind.ShouldBe(FailureKind.Exit);
    }

    [Fact]
    public async Task A_repository_that_is_not_there_is_named_with_gits_own_words()
    {
        var failure = (await FetchAsync(folder["none"], "main", null)).Failure.ShouldNotBeNull();
        failure.Message.ShouldStartWith($"The repository {folder["none"]} cannot be fetched: fatal: '{folder["none"]}' does not appear to be a git repository");
        failure.Hint.ShouldBe("Check the project's repository URL.");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_told_without_the_password()
    {
        var failure = (await FetchAsync("http://user:hunter22@127.0.0.1:9/x.git", "main", null)).Failure.ShouldNotBeNull();
        failure.Message.ShouldStartWith("The repository http://127.0.0.1:9/x.git cannot be fetched: fatal: unable to access");
        failure.Message.ShouldNotContain("hunter22");
        failure.Hint.ShouldBe("Nothing answers there; check the URL, and that the git server runs.");
    }

    [Fact]
    public async Task Gits_own_files_leave_the_tree()
    {
        var repository = await GitRepository.CreateAsync(folder["repo"]);
        await repository.CommitAsync("First", ("a.txt", "one"), (".gitignore", "x"));
        await FetchAsync(repository.Path, "main", null);
        SourceFetcher.RemoveGitFiles(workspace.Source);
        Directory.GetFileSystemEntries(workspace.Source).Select(Path.GetFileName).ShouldBe([".gitignore", "a.txt"], ignoreOrder: true);
    }

    public void Dispose() => folder.Dispose();

    private Task<Result<FetchedSource>> FetchAsync(string repository, string branch, string? commit) =>
        fetcher.FetchAsync("p", new BuildCommand { Repository = repository, Branch = branch, Commit = commit }, workspace, new CommandOutput(null), default).WaitAsync(TimeSpan.FromSeconds(30));
}
