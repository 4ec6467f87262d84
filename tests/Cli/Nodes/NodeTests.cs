using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VpsPilot.Agent.Tests;
using VpsPilot.Cli.Tests.Running;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Cli.Tests.Nodes;

public sealed class NodeTests(ApiServer server) : IClassFixture<ApiServer>, IDisposable
{
    private readonly CliProgram program = CliProgram.For(server.Admin);

    [Fact]
    public async Task A_node_is_made_listed_and_removed()
    {
        var added = await program.RunAsync("nodes", "add", "web-1", "--label", "zone=a");

        added.Good().ShouldContain("/api/install.sh");
        added.Out.Count(c => c == '\n').ShouldBe(1, "the command alone, so that it can be piped");
        added.Error.ShouldStartWith("Made web-1. Run this on it as root;");
        await using var agent = await SimulatedAgent.EnrollAsync(server.Anonymous, Regex.Match(added.Out, "vpe_[^']+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value);
        await ApiServer.UntilAsync(async () => (string?)(await server.Admin.GetAsync("api/nodes/web-1").JsonAsync())["state"] == "online");
        (await program.RunAsync("nodes", "add", "web-2")).Good();
        var list = (await program.RunAsync("nodes", "list")).Good().Split('\n').Where(l => l.StartsWith("NODE", StringComparison.Ordinal) || l.StartsWith("web-", StringComparison.Ordinal));
        Golden.Matches("list.txt", Tidy.Of(string.Join('\n', list)) + "\n");

        var json = JsonNode.Parse((await program.RunAsync("nodes", "list", "--json")).Good())!["items"]!.AsArray();
        ((string)json.Single(n => (string)n!["id"]! == "web-1")!["labels"]!["zone"]!).ShouldBe("a");

        (await program.RunAsync("nodes", "remove", "web-2")).Bad(2).ShouldBe("error: Remove the node web-2? Nobody can be asked here.\nhint:  Say so with --yes\n");
        (await program.RunAsync("nodes", "remove", "web-2", "--yes")).Good().ShouldBe("Removed web-2.\n");
        (await program.RunAsync("nodes", "remove", "web-2", "--yes")).Bad(5).ShouldBe("error: There is no node 'web-2'.\nhint:  See what there is with: vpspilot nodes list\n");
    }

    [Fact]
    public async Task The_doctor_says_what_is_wrong_and_what_to_do()
    {
        await using var agent = await server.AgentAsync("sick-1");
        agent.Answer = command => command.Body is DoctorCommand
            ? new CommandResult
            {
                Outcome = CommandOutcome.Succeeded,
                Findings = [new Finding("nix", FindingState.Ok, "2.26 answers", null), new Finding("disk", FindingState.Error, "97% of /nix is used", "Free space with: vpspilot nodes collect sick-1")],
            }
            : SimulatedAgent.Succeed(command);

        var doctor = await program.RunAsync("nodes", "doctor", "sick-1");

        doctor.ExitCode.ShouldBe(1, "a node with faults");
        Golden.Matches("doctor.txt", doctor.Out);
        (await program.RunAsync("nodes", "collect", "sick-1")).Good().ShouldBe("sick-1: succeeded\n");
    }

    [Fact]
    public async Task What_a_node_could_not_do_is_told_with_its_hint()
    {
        await using var agent = await server.AgentAsync("full-1");
        agent.Answer = _ => new CommandResult { Outcome = CommandOutcome.Failed, Failure = new Failure("collect", FailureKind.Exit, "nix-store ended with 1.") { Hint = "Look at the disk." } };

        (await program.RunAsync("nodes", "collect", "full-1")).ExitCode.ShouldBe(1);
        (await program.RunAsync("nodes", "collect", "full-1")).Out.ShouldBe("full-1: failed\n  collect: nix-store ended with 1.\n  → Look at the disk.\n");
    }

    [Fact]
    public async Task Every_mistake_of_a_request_is_told()
    {
        (await program.RunAsync("nodes", "add", "Web One")).Bad(3).ShouldBe("error: $.name: must be 1 to 40 lower-case letters, digits and dashes, starting and ending with a letter or digit.\n");
        (await program.RunAsync("nodes", "add", "x", "--label", "zone")).Bad(2).ShouldBe("error: The label 'zone' is not of the form NAME=VALUE.\n");
    }

    public void Dispose() => program.Dispose();
}
