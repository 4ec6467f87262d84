using VpsPilot.Cli.Tests.Deployments;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Cli.Tests.Operations;

/// <summary>A control plane that ends streams after a while is asked again, until what writes has ended.</summary>
public sealed class LimitedStreamTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan BeyondTheLimit = TimeSpan.FromSeconds(2.5);

    private readonly ApiServer server = new() { Settings = ["--Streams:Limit=00:00:02"] };

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    public void Dispose() => server.Dispose();

    [Fact]
    public async Task A_build_is_followed_to_its_end()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "longbuild");
        var agent = project.Agents[0];
        agent.Work = async command =>
        {
            if (command.Body is BuildCommand)
            {
                await WriteAsync(agent, command, "one\ntw", "o\n", "three");
            }
        };
        (await project.Program.RunAsync("deploy")).Good();

        (await project.Program.RunAsync("logs", "--build", "-f")).Good().ShouldBe("one\ntwo\nthree\n");
    }

    [Fact]
    public async Task The_output_of_a_command_is_shown_to_its_end_from_every_node()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "longrun", 2);
        foreach (var agent in project.Agents)
        {
            agent.Work = command => WriteAsync(agent, command, $"{agent.NodeId} one\n", $"{agent.NodeId} two\n");
            agent.Answer = _ => new CommandResult { Outcome = CommandOutcome.Succeeded, ExitCode = 0 };
        }

        var lines = (await project.Program.RunAsync("run", "--", "make")).Good().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Where(l => !l.StartsWith("==>", StringComparison.Ordinal)).ShouldBe(["longrun-1 one", "longrun-1 two", "longrun-2 one", "longrun-2 two"], ignoreOrder: true);
    }

    /// <summary>Writes the pieces of a log, each in a stream of its own.</summary>
    private static async Task WriteAsync(SimulatedAgent agent, CommandEnvelope command, params string[] pieces)
    {
        var offset = 0;
        foreach (var piece in pieces)
        {
            (await agent.AppendLogAsync(command.DeploymentId!, offset, piece)).EnsureSuccessStatusCode();
            offset += piece.Length;
            await Task.Delay(BeyondTheLimit);
        }
    }
}
