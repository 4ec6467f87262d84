using System.Text.Json.Nodes;
using VpsPilot.Agent.Tests;
using VpsPilot.Cli.Tests.Deployments;
using VpsPilot.Cli.Tests.Running;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Tests;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Cli.Tests.Operations;

public sealed class OperationTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task The_status_is_what_the_nodes_say_now()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "status", 2);
        project.Agents[0].Answer = _ => new CommandResult
        {
            Outcome = CommandOutcome.Succeeded,
            Serving = new ServingRelease("r1", 4, TestData.Commit, "/nix/store/x", 21000) { UnitState = "active" },
            Units =
            [
                new ProjectUnit("vpspilot-project-status-blue.service", "web", "blue", "active") { Restarts = 1, MemoryBytes = 90_000_000 },
                new ProjectUnit("vpspilot-project-status-worker.service", "worker", null, "failed"),
            ],
        };

        Golden.Matches("status.txt", (await project.Program.RunAsync("status")).Good());
    }

    [Fact]
    public async Task The_output_of_an_app_is_shown_and_followed_until_Ctrl_C()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "logs");
        var agent = project.Agents[0];
        var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        agent.Work = async command =>
        {
            if (command.Body is LogsCommand logs)
            {
                (await agent.AppendLogAsync(command.DeploymentId!, 0, $"{logs.Lines} lines of {logs.Process ?? "all"}\n")).EnsureSuccessStatusCode();
            }
            else if (command.Body is CancelCommand)
            {
                canceled.TrySetResult();
            }
        };
        agent.Answer = command => command.Body is LogsCommand { Follow: var follow } && follow > TimeSpan.Zero ? null : new CommandResult { Outcome = CommandOutcome.Succeeded };

        (await project.Program.RunAsync("logs", "-n", "7", "--process", "web")).Good().ShouldBe("7 lines of web\n");
        (await project.Program.RunAsync("logs", "--json")).Good().ShouldBe("{\"event\":\"line\",\"data\":\"100 lines of all\"}\n");
        await using var terminal = Terminal.Start(project.Program, "vpspilot logs -f");
        await terminal.UntilAsync("100 lines of all");
        await terminal.TypeAsync("\u0003");

        (await terminal.ExitAsync()).ShouldBe(130);
        await canceled.Task.WaitAsync(TimeSpan.FromSeconds(60));
        (await project.Program.RunAsync("logs", "someone")).Bad(2).ShouldContain("Add --build");
    }

    [Theory]
    [InlineData(new[] { "--", "node", "migrate.js", "it's", "$HOME" }, "node migrate.js 'it'\\''s' '$HOME'", false)]
    [InlineData(new[] { "--", "ls | wc -l" }, "ls | wc -l", false)]
    [InlineData(new[] { "--name", "console" }, "console", true)]
    public async Task A_command_is_run_as_it_was_meant_and_its_end_is_that_of_the_program(string[] arguments, string line, bool isNamed)
    {
        await using var project = await ProjectFixture.CreateAsync(server, $"run-{Math.Abs(line.GetHashCode(StringComparison.Ordinal)) % 10000}", 2);
        var asked = new List<RunCommand>();
        foreach (var (i, agent) in project.Agents.Index())
        {
            agent.Work = async command => (await agent.AppendLogAsync(command.DeploymentId!, 0, $"output {i}\n")).EnsureSuccessStatusCode();
            agent.Answer = command =>
            {
                lock (asked)
                {
                    asked.Add((RunCommand)command.Body);
                }

                return new CommandResult { Outcome = i == 0 ? CommandOutcome.Succeeded : CommandOutcome.Failed, ExitCode = i == 0 ? 0 : 42 };
            };
        }

        var run = await project.Program.RunAsync(["run", .. arguments]);

        run.Bad(42).ShouldBe($"{project.Agents[1].NodeId}: exit code 42\n");
        run.Out.ShouldContain("output 0\n");
        run.Out.ShouldContain("output 1\n");
        asked.ShouldAllBe(c => c.CommandLine == line && c.IsNamed == isNamed);
        (await project.Program.RunAsync("run")).Bad(2).ShouldStartWith("error: Run what?");
    }

    [Fact]
    public async Task Ctrl_C_stops_the_command_on_the_node()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "endless");
        var agent = project.Agents[0];
        var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        agent.Work = async command =>
        {
            if (command.Body is RunCommand)
            {
                (await agent.AppendLogAsync(command.DeploymentId!, 0, "begun\n")).EnsureSuccessStatusCode();
            }
            else
            {
                canceled.TrySetResult();
            }
        };
        agent.Answer = command => command.Body is RunCommand ? null : new CommandResult { Outcome = CommandOutcome.Succeeded };
        await using var terminal = Terminal.Start(project.Program, "vpspilot run -- sleep infinity");
        await terminal.UntilAsync("begun");

        await terminal.TypeAsync("\u0003");

        (await terminal.ExitAsync()).ShouldBe(130);
        terminal.Text.ShouldContain("The command was stopped.");
        await canceled.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_restart_is_waited_for_and_its_failure_is_told()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "restart");
        RestartCommand? asked = null;
        project.Agents[0].Answer = command =>
        {
            asked = command.Body as RestartCommand;
            return new CommandResult { Outcome = CommandOutcome.Failed, Failure = new Contracts.Failure("restart", Contracts.FailureKind.Unhealthy, "It does not answer.") };
        };

        (await project.Program.RunAsync(["env", "set", "A"], "1")).Good();

        var run = await project.Program.RunAsync("restart", "--environment", "current");

        run.ExitCode.ShouldBe(1);
        run.Out.ShouldBe("restart-1: failed\n  restart: It does not answer.\n");
        asked.ShouldNotBeNull().Environment.ShouldNotBeNull();
        ((string?)JsonNode.Parse((await project.Program.RunAsync("restart", "--json")).Out)!["status"]).ShouldBe("failed");
        (await project.Program.RunAsync("restart", "--environment", "other")).Bad(2).ShouldContain("'other'");
    }
}
