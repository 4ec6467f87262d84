using VpsPilot.Cli.Tests.Deployments;
using VpsPilot.Cli.Tests.Running;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Cli.Tests.Completion;

public sealed class KnownIdTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Projects_and_nodes_of_the_server_are_offered()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "offered");

        (await project.Program.RunAsync("complete", "vpspilot status --project ")).Good().ShouldBe("offered\n");
        (await project.Program.RunAsync("complete", "vpspilot nodes doctor off")).Good().ShouldBe("offered-1\n");
        (await project.Program.RunAsync("complete", "vpspilot run --node ")).Good().ShouldBe("offered-1\n");
    }

    [Fact]
    public async Task A_server_that_cannot_be_asked_offers_nothing_and_is_no_fault()
    {
        using var program = new CliProgram();
        program.Environment["VPSPILOT_SERVER"] = $"http://127.0.0.1:{ApiServer.FreePort()}";
        program.Environment["VPSPILOT_TOKEN"] = "nobody";

        (await program.RunAsync("complete", "vpspilot status --project ")).Good().ShouldNotContain("offered");
    }
}
