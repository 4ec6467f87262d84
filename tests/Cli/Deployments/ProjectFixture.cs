using VpsPilot.Cli.Tests.Running;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Cli.Tests.Deployments;

/// <summary>A project on simulated nodes, and the program that speaks of it.</summary>
public sealed class ProjectFixture : IAsyncDisposable
{
    private ProjectFixture(string id, CliProgram program, IReadOnlyList<SimulatedAgent> agents) => (Id, Program, Agents) = (id, program, agents);

    public string Id { get; }

    public CliProgram Program { get; }

    public IReadOnlyList<SimulatedAgent> Agents { get; }

    /// <summary>Opened, it lets the builds go on.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="server">The control plane.</param>
    /// <param name="id">The project; its nodes are called after it.</param>
    /// <param name="nodes">How many.</param>
    public static async Task<ProjectFixture> CreateAsync(ApiServer server, string id, int nodes = 1)
    {
        var agents = new List<SimulatedAgent>();
        for (var i = 1; i <= nodes; i++)
        {
            agents.Add(await server.AgentAsync($"{id}-{i}"));
        }

        await server.ProjectAsync(id, [.. agents.Select(a => a.NodeId)]);
        var program = CliProgram.For(server.Admin);
        program.Environment["VPSPILOT_PROJECT"] = id;
        return new(id, program, agents);
    }

    /// <summary>The build of every node stops in its compile stage until the gate is open.</summary>
    public void HoldBuilds()
    {
        foreach (var agent in Agents)
        {
            agent.Work = async command =>
            {
                if (command.Body is not BuildCommand)
                {
                    await agent.DoStagesAsync(command);
                    return;
                }

                await agent.SendAsync(command, new StageProgress { Stage = Stages.Compile, State = StageState.Started });
                await Gate.Task;
                await agent.SendAsync(command, new StageProgress { Stage = Stages.Compile, State = StageState.Completed, DurationMilliseconds = 1234 });
            };
        }
    }

    /// <summary>The build of the first node fails in its test stage, with a log.</summary>
    public void FailTests()
    {
        var agent = Agents[0];
        agent.Work = async command =>
        {
            var log = string.Join('\n', ["==> compile", "compiled", "<== compile done in 1.00 s", "==> test", .. Enumerable.Range(1, 25).Select(i => $"test {i}: ok"), "test 26: expected 3, got 4", "<== test failed in 0.50 s: exit code 1", ""]);
            await agent.SendAsync(command, new StageProgress { Stage = Stages.Compile, State = StageState.Completed, DurationMilliseconds = 1000 });
            await agent.SendAsync(command, new StageProgress { Stage = Stages.Test, State = StageState.Started });
            (await agent.AppendLogAsync(command.DeploymentId!, 0, log)).EnsureSuccessStatusCode();
            await agent.SendAsync(command, new StageProgress { Stage = Stages.Test, State = StageState.Failed, DurationMilliseconds = 500, Detail = "npm test ended with 1." });
        };
        agent.Answer = _ => new CommandResult
        {
            Outcome = CommandOutcome.Failed,
            Failure = new Failure(Stages.Test, FailureKind.Exit, "npm test ended with 1.") { ExitCode = 1, Hint = "Run the tests where you work." },
        };
    }

    /// <summary>Output without what differs from run to run, and without the names of these nodes.</summary>
    public string Tidy(string text) => Running.Tidy.Of(text).Replace(Id, "PROJECT", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        Gate.TrySetResult();
        foreach (var agent in Agents)
        {
            await agent.DisposeAsync();
        }

        Program.Dispose();
    }
}
