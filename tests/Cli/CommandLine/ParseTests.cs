using System.Text.Json.Nodes;
using VpsPilot.Agent.Tests;
using VpsPilot.Cli.Tests.Running;

namespace VpsPilot.Cli.Tests.CommandLine;

public sealed class ParseTests : IDisposable
{
    private readonly CliProgram program = new();

    [Theory]
    [InlineData("nodes", "'vpspilot nodes' needs a command.", "vpspilot nodes --help")]
    [InlineData("nodes add", "Required argument 'node' missing for command: 'add'.", "vpspilot nodes add --help")]
    [InlineData("projects create x", "Option '--node' is required.", "vpspilot projects create --help")]
    [InlineData("nodes frobnicate", "There is no command 'frobnicate'.", "vpspilot nodes --help")]
    [InlineData("", "'vpspilot' needs a command.", "vpspilot --help")]
    public async Task A_wrong_command_line_is_told_in_one_line_with_where_help_is(string line, string message, string help) =>
        (await program.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Bad(2).ShouldBe($"error: {message}\nhint:  See: {help}\n");

    [Fact]
    public async Task With_json_it_is_told_in_json()
    {
        var error = JsonNode.Parse((await program.RunAsync("nodes", "frobnicate", "--json")).Bad(2))!;

        ((string)error["code"]!).ShouldBe("usage");
        ((string)error["message"]!).ShouldContain("frobnicate");
    }

    [Fact]
    public async Task The_version_is_that_of_the_release() => (await program.RunAsync("--version")).Good().ShouldMatch(@"^\d+\.\d+\.\d+\n$");

    [Fact]
    public async Task Help_lists_the_commands() => Golden.Matches("help.txt", Tidy.Of((await program.RunAsync("--help")).Good()));

    public void Dispose() => program.Dispose();
}
