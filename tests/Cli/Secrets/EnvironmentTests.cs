using System.Net.Http.Json;
using VpsPilot.Agent.Tests;
using VpsPilot.Cli.Tests.Running;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Cli.Tests.Secrets;

public sealed class EnvironmentTests(ApiServer server) : IClassFixture<ApiServer>, IAsyncLifetime
{
    private readonly CliProgram program = CliProgram.For(server.Admin);
    private SimulatedAgent agent = null!;
    private string project = "";

    public async Task InitializeAsync()
    {
        project = $"env-{Guid.NewGuid():N}"[..20];
        agent = await server.AgentAsync(project + "-1");
        await server.ProjectAsync(project, agent.NodeId);
        program.Environment["VPSPILOT_PROJECT"] = project;
    }

    [Fact]
    public async Task Values_come_from_standard_input_and_files_and_reach_the_node()
    {
        (await program.RunAsync(["env", "set", "FROM_INPUT"], "pass word\n")).Good().ShouldStartWith($"Set FROM_INPUT of {project}.");
        var file = Path.Combine(program.Home, "key.pem");
        await File.WriteAllTextAsync(file, "line 1\nline 2\n");
        (await program.RunAsync("env", "set", "FROM_FILE", "--file", file)).Good();
        (await program.RunAsync("env", "set", "NARROW", "--value", "v", "--node", agent.NodeId)).Good();

        (await ValuesOnNodeAsync()).ShouldBe(new Dictionary<string, string> { ["FROM_FILE"] = "line 1\nline 2\n", ["FROM_INPUT"] = "pass word", ["NARROW"] = "v" }, ignoreOrder: true);
        Golden.Matches("list.txt", Tidy.Of((await program.RunAsync("env", "list")).Good()).Replace(project, "PROJECT", StringComparison.Ordinal));
        (await program.RunAsync("env", "unset", "FROM_FILE")).Good().ShouldBe($"Deleted FROM_FILE of {project}.\n");
        (await program.RunAsync("env", "unset", "FROM_FILE")).Bad(5).ShouldBe("error: There is no secret 'FROM_FILE'.\n");
        (await program.RunAsync("env", "list", "--json")).Good().ShouldNotContain("pass word");
    }

    [Fact]
    public async Task A_dotenv_file_is_imported_with_its_quotes_and_lines()
    {
        const string Text = """
            # comment
            PLAIN=a b # comment
            export EXPORTED = x=y
            SINGLE='as $it \n is'
            DOUBLE="two\nlines \"quoted\" \$HOME"
            KEY="-----BEGIN-----
            abc
            -----END-----"
            EMPTY=
            PLAIN=last one counts
            """;

        (await program.RunAsync(["env", "import", "-"], Text.ReplaceLineEndings("\r\n"))).Good().ShouldStartWith($"Set 6 values of {project}: EXPORTED, SINGLE, DOUBLE, KEY, EMPTY, PLAIN.");
        (await ValuesOnNodeAsync()).ShouldBe(new Dictionary<string, string>
        {
            ["PLAIN"] = "last one counts",
            ["EXPORTED"] = "x=y",
            ["SINGLE"] = @"as $it \n is",
            ["DOUBLE"] = "two\nlines \"quoted\" $HOME",
            ["KEY"] = "-----BEGIN-----\nabc\n-----END-----",
            ["EMPTY"] = "",
        }, ignoreOrder: true);
    }

    [Fact]
    public async Task With_a_mistake_in_the_file_nothing_is_set_and_every_mistake_is_told_without_its_value()
    {
        var file = Path.Combine(program.Home, "wrong.env");
        await File.WriteAllTextAsync(file, "GOOD=1\n2BAD=hidden\n\nno equals hidden\nA=\"hidden\" more\nB='never closed hidden\n");

        var run = await program.RunAsync("env", "import", file);

        run.Bad(2).Replace(program.Home, "HOME", StringComparison.Ordinal).ShouldBe("""
            error: HOME/wrong.env has 4 mistakes; nothing was set.
              HOME/wrong.env:2: expected NAME=VALUE, the name of letters, digits and underscores.
              HOME/wrong.env:4: expected NAME=VALUE, the name of letters, digits and underscores.
              HOME/wrong.env:5: there is more after the quoted value of A.
              HOME/wrong.env:6: the quote of B is not closed.

            """);
        (await program.RunAsync("env", "list")).Good().ShouldBe($"{project} has no secret values. Set one with: vpspilot env set NAME\n");
    }

    [Fact]
    public async Task The_project_is_restarted_with_the_new_value_when_asked()
    {
        var restarts = 0;
        agent.Answer = command =>
        {
            restarts += command.Body is RestartCommand ? 1 : 0;
            return new CommandResult { Outcome = CommandOutcome.Succeeded };
        };

        var run = await program.RunAsync(["env", "set", "A", "--restart"], "1");

        run.Good().ShouldBe($"{agent.NodeId}: succeeded\n");
        restarts.ShouldBe(1);
    }

    public async Task DisposeAsync()
    {
        await agent.DisposeAsync();
        program.Dispose();
    }

    /// <summary>What a deployment brings to the node.</summary>
    private async Task<IReadOnlyDictionary<string, string>?> ValuesOnNodeAsync()
    {
        var started = await server.Admin.PostAsync($"api/projects/{project}/deployments", JsonContent.Create(new { })).JsonAsync(System.Net.HttpStatusCode.Accepted);
        await server.EndAsync((string)started["id"]!);
        return agent.Environment;
    }
}
