using VpsPilot.Functions.Tests.Api;
using VpsPilot.Server.Checks;

namespace VpsPilot.Server.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly SmallData small = new();

    [Fact]
    public async Task The_commands_end_with_the_codes_that_they_promise()
    {
        var file = small["b.tar.gz"];

        (await CommandLine.RunAsync(["--version"])).ShouldBe(0);
        (await CommandLine.RunAsync(["schemas"])).ShouldBe(0);
        (await CommandLine.RunAsync([])).ShouldBe(2);
        (await CommandLine.RunAsync(["erase"])).ShouldBe(2);
        (await CommandLine.RunAsync(["backup"])).ShouldBe(2);
        (await CommandLine.RunAsync(["check", "--data", small.Folder])).ShouldBe(0);
        (await CommandLine.RunAsync(["check", "--data", small["nothing"]])).ShouldBe(1);
        (await CommandLine.RunAsync(["check", "--data", small.Folder, "--schemas", "state.db=0"])).ShouldBe(1);
        (await CommandLine.RunAsync(["backup", file, "--data", small.Folder])).ShouldBe(0);
        (await CommandLine.RunAsync(["backup", file, "--data", small.Folder])).ShouldBe(1);
        (await CommandLine.RunAsync(["verify", file])).ShouldBe(0);
        (await CommandLine.RunAsync(["verify", small.Data.PathOf("secrets.key")])).ShouldBe(1);
        (await CommandLine.RunAsync(["restore", file, "--data", small.Folder])).ShouldBe(0);
        (await CommandLine.RunAsync(["run", $"--Embedded:DataDirectory={small["new"]}", "--Nodes:OfflineAfter=soon"])).ShouldBe(2);
    }

    [Fact]
    public void The_admin_token_is_shown_once()
    {
        File.WriteAllText(small.Data.PathOf("admin-token"), "vpa_one\n");

        small.Data.TakeAdminToken().ShouldBe("vpa_one");
        Should.Throw<RefusedException>(() => small.Data.TakeAdminToken()).Message.ShouldContain("shown before");
    }

    [Fact]
    public async Task The_databases_of_a_control_plane_are_those_whose_schemas_are_known()
    {
        using var server = new ApiServer();
        await server.InitializeAsync();

        new DataFolder(server.DataDirectory).Databases().ShouldBe(Schemas.Known.Keys, ignoreOrder: true);
        DataCheck.Run(new DataFolder(server.DataDirectory), Schemas.Known);
        await ApiServer.UntilAsync(() => Task.FromResult(QueueReport.Lines(new DataFolder(server.DataDirectory)).Any(l => l.StartsWith("agent-events: 0 waiting, 0 scheduled, 0 dead", StringComparison.Ordinal))));

        await server.DisposeAsync();
    }

    public void Dispose() => small.Dispose();
}
