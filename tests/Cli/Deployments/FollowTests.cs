using System.Text.Json.Nodes;
using VpsPilot.Agent.Tests;
using VpsPilot.Cli.Tests.Running;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Cli.Tests.Deployments;

/// <summary>A deployment is followed to its end: in a terminal, in a pipe, as JSON.</summary>
public sealed class FollowTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task In_a_pipe_there_is_a_line_for_each_stage_and_a_verdict()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "plain");

        var run = await project.Program.RunAsync("deploy", "--follow");

        // What the deployment does meanwhile may be too short to be heard of.
        var lines = run.Good().Split('\n').Where(l => l is not ("queued" or "building" or "activating" or "watching"));
        Golden.Matches("plain.txt", project.Tidy(string.Join('\n', lines)));
    }

    [Fact]
    public async Task A_stage_that_fails_is_shown_with_the_end_of_its_log_and_what_to_do_next()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "broken");
        project.FailTests();

        var run = await project.Program.RunAsync("deploy", "--follow");

        run.ExitCode.ShouldBe(1);
        Golden.Matches("failed.txt", project.Tidy(string.Join('\n', run.Out.Split('\n').Where(l => l is not ("queued" or "building")))));
        var id = (string)JsonNode.Parse((await project.Program.RunAsync("deployments", "--json")).Good())!["items"]![0]!["id"]!;
        run.Out.ShouldEndWith($"next:  vpspilot logs --build {id} -p broken\n");
        (await project.Program.RunAsync("logs", "--build", id)).Good().ShouldContain("test 1: ok\n");
    }

    [Fact]
    public async Task In_a_terminal_the_stages_of_every_node_are_drawn_in_place()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "live", 2);
        project.HoldBuilds();
        await using var terminal = Terminal.Start(project.Program, "vpspilot deploy --follow");

        await terminal.UntilAsync("live-2  building");
        await terminal.UntilAsync("compile");
        terminal.HasCursor.ShouldBeFalse();
        project.Gate.SetResult();

        (await terminal.ExitAsync()).ShouldBe(0);
        Golden.Matches("live.txt", project.Tidy(terminal.Text));
        (terminal.HasCursor, terminal.HasStyles).ShouldBe((true, true));
    }

    [Fact]
    public async Task In_a_terminal_too_a_failure_comes_with_its_log()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "livebad", 2);
        project.FailTests();
        await using var terminal = Terminal.Start(project.Program, "NO_COLOR=1 vpspilot deploy --follow");

        (await terminal.ExitAsync()).ShouldBe(1);
        Golden.Matches("live-failed.txt", project.Tidy(terminal.Text));
        terminal.HasStyles.ShouldBeFalse("NO_COLOR");
    }

    [Fact]
    public async Task A_terminal_that_cannot_move_its_cursor_gets_lines()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "dumb");
        project.Program.Environment["TERM"] = "dumb";
        await using var terminal = Terminal.Start(project.Program, "vpspilot deploy --follow");

        (await terminal.ExitAsync()).ShouldBe(0);
        terminal.Text.ShouldContain("dumb-1  compile      done");
    }

    [Fact]
    public async Task Ctrl_C_leaves_the_deployment_running_and_says_so()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "left");
        project.HoldBuilds();
        await using var terminal = Terminal.Start(project.Program, "vpspilot deploy --follow");
        await terminal.UntilAsync("compile");

        await terminal.TypeAsync("\u0003");

        (await terminal.ExitAsync()).ShouldBe(130);
        var id = (string)JsonNode.Parse((await project.Program.RunAsync("deployments", "--json")).Good())!["items"]![0]!["id"]!;
        terminal.Text.ReplaceLineEndings("").ShouldContain($"The deployment goes on. Follow it again with: vpspilot deployments {id} --follow");
        terminal.HasCursor.ShouldBeTrue();
        project.Gate.SetResult();
        (await project.Program.RunAsync("deployments", id, "--follow")).Good().ShouldContain("succeeded: left:");
    }

    [Fact]
    public async Task With_json_every_event_is_a_line_and_the_last_one_is_the_whole_deployment()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "events");

        var lines = (await project.Program.RunAsync("deploy", "--follow", "--json")).Good().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToList();

        lines.Select(l => (string)l["event"]!).Distinct().ShouldBe(["step", "node", "deployment", "end"], ignoreOrder: true);
        ((string)lines[^1]["event"]!, (string)lines[^1]["data"]!["status"]!).ShouldBe(("end", "succeeded"));
        lines[^1]["data"]!["nodes"]![0]!["steps"]!.AsArray().Count.ShouldBe(7);
    }
}
