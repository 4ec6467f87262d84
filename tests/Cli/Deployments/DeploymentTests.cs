using VpsPilot.Agent.Tests;
using VpsPilot.Cli.Tests.Running;
using VpsPilot.Contracts.Commands;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Cli.Tests.Deployments;

public sealed class DeploymentTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Without_follow_it_says_what_was_started_and_lists_it()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "short");

        var run = await project.Program.RunAsync("deploy");
        run.Good().ShouldMatch("^Deployment [0-9a-f]{32} of short is queued\\.\n$");
        run.Error.ShouldStartWith("Follow it with: vpspilot deployments ");
        await server.EndAsync(run.Out.Split(' ')[1]);

        Golden.Matches("list.txt", project.Tidy((await project.Program.RunAsync("deployments")).Good()));
        Golden.Matches("one.txt", project.Tidy((await project.Program.RunAsync("deployments", run.Out.Split(' ')[1])).Good()));
        Golden.Matches("releases.txt", project.Tidy((await project.Program.RunAsync("releases")).Good()));
    }

    [Fact]
    public async Task A_commit_may_be_named_as_git_names_it_and_the_project_by_the_remote()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "rev");
        project.Program.Environment.Remove("VPSPILOT_PROJECT");
        using var repository = await GitFolder.WithRemoteAsync("/srv/git/rev.git");
        await repository.CommitAsync("file", "1");
        await repository.GitAsync("tag", "v1");
        await repository.CommitAsync("file", "2");
        (await server.Admin.PatchAsync("api/projects/rev", new StringContent("""{"repository":"/srv/git/rev.git"}""", System.Text.Encoding.UTF8, "application/json"))).EnsureSuccessStatusCode();
        var commits = new List<string?>();
        project.Agents[0].Answer = command =>
        {
            commits.Add((command.Body as BuildCommand)?.Commit);
            return SimulatedAgent.Succeed(command);
        };

        (await project.Program.RunAsync(["deploy", "--follow", "--commit", "v1"], "", repository.Path)).Good();

        commits[0].ShouldNotBeNull().Length.ShouldBe(40);
        (await project.Program.RunAsync(["deploy", "--commit", "v2"], "", repository.Path)).Bad(2).ShouldBe("error: The git repository here knows no commit 'v2'.\nhint:  Give the full id of the commit.\n");
        (await project.Program.RunAsync(["deploy", "--branch", "no..branch"], "", repository.Path)).Bad(3).ShouldBe("error: $.branch: is not a branch name that git accepts.\n");
    }

    [Theory]
    [InlineData(new[] { "rollback" }, "previous")]
    [InlineData(new[] { "rollback", "--to", "3" }, "3")]
    [InlineData(new[] { "rollback", "--to", "other-slot" }, "other-slot")]
    public async Task A_rollback_reaches_the_nodes(string[] arguments, string target)
    {
        await using var project = await ProjectFixture.CreateAsync(server, $"back-{target}");
        (await project.Program.RunAsync("deploy", "--follow")).Good();
        RollBackCommand? asked = null;
        project.Agents[0].Answer = command =>
        {
            asked = command.Body as RollBackCommand;
            return SimulatedAgent.Succeed(command);
        };

        var run = await project.Program.RunAsync([.. arguments, "--follow", "--environment", "current"]);

        run.Good().ShouldContain($"succeeded: back-{target}: Back to generation 1 (bbbbbbbbbbbb) on 1 node.");
        asked.ShouldNotBeNull().Generation.ShouldBe(target == "3" ? 3 : null);
        asked.OtherSlot.ShouldBe(target == "other-slot");
    }

    [Fact]
    public async Task A_release_that_is_not_there_is_refused_with_what_would_be_right() =>
        await WithProjectAsync("nothere", async project =>
            (await project.Program.RunAsync("rollback", "--to", "abcdef1")).Bad(3).ShouldStartWith("error: $.to: must be \"previous\""));

    [Fact]
    public async Task What_goes_on_is_canceled_without_a_word_of_its_id() => await WithProjectAsync("stopped", async project =>
    {
        project.Agents[0].Answer = command => command.Body is BuildCommand ? null : new() { Outcome = Contracts.Events.CommandOutcome.Canceled };
        (await project.Program.RunAsync("cancel")).Bad(5).ShouldBe("error: stopped has no deployment that goes on.\nhint:  See what there is with: vpspilot deployments -p stopped\n");
        var id = (await project.Program.RunAsync("deploy")).Good().Split(' ')[1];

        (await project.Program.RunAsync("cancel")).Good().ShouldStartWith($"Deployment {id} of stopped is ");
        (await project.Program.RunAsync("approve", id)).Bad(3).ShouldStartWith("error: The deployment does not wait for an approval.\n");
        (await project.Program.RunAsync("approve")).Bad(5).ShouldStartWith("error: stopped has no deployment that waits for an approval.\n");
    });

    [Fact]
    public async Task A_viewer_may_look_and_not_deploy() => await WithProjectAsync("looked", async project =>
    {
        var token = (await project.Program.RunAsync("tokens", "create", "reader", "--role", "viewer")).Good().Trim();
        project.Program.Environment["VPSPILOT_TOKEN"] = token;

        (await project.Program.RunAsync("deployments")).Good().ShouldBe("looked was not deployed yet. Deploy it with: vpspilot deploy -p looked\n");
        (await project.Program.RunAsync("deploy")).Bad(4).ShouldBe("error: The token may not do this.\nhint:  This needs the role Deployer; the token 'reader' has Viewer.\n");
    });

    private async Task WithProjectAsync(string id, Func<ProjectFixture, Task> test)
    {
        await using var project = await ProjectFixture.CreateAsync(server, id);
        await test(project);
    }
}
