using VpsPilot.Cli.Tests.Running;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Cli.Tests.Deployments;

public sealed class RestartedPlaneTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Following_goes_on_when_the_control_plane_starts_again()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "again");
        project.HoldBuilds();
        await using var terminal = Terminal.Start(project.Program, "vpspilot deploy --follow");
        await terminal.UntilAsync("compile");

        await server.RestartAsync();
        project.Gate.SetResult();

        (await terminal.ExitAsync()).ShouldBe(0);
        terminal.Text.ShouldContain("succeeded: again:");
    }
}
