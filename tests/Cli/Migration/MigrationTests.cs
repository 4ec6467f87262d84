using VpsPilot.Cli.Tests.Running;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Cli.Tests.Migration;

/// <summary>From one control plane to another by the program alone.</summary>
public sealed class MigrationTests(ApiServer server) : IClassFixture<ApiServer>, IAsyncLifetime, IDisposable
{
    private const string Passphrase = "a passphrase that is long enough";

    private readonly ApiServer other = new();
    private readonly CliProgram old = CliProgram.For(server.Admin);
    private CliProgram renewed = null!;

    public async Task InitializeAsync()
    {
        await other.InitializeAsync();
        renewed = CliProgram.For(other.Admin);
    }

    [Fact]
    public async Task Everything_goes_along_and_the_nodes_are_called()
    {
        await using var agent = await server.AgentAsync("moving-1");
        await server.ProjectAsync("moving", agent.NodeId);
        (await old.RunAsync(["env", "set", "A", "--project", "moving"], "hidden value")).Good();
        var archive = Path.Combine(old.Home, "pilot.archive");

        (await old.RunAsync(["export", archive], Passphrase)).Good().ShouldBe(archive + "\n");
        File.GetUnixFileMode(archive).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await File.ReadAllTextAsync(archive)).ShouldNotContain("hidden value");
        (await old.RunAsync(["export", archive], Passphrase)).Bad(2).ShouldContain("exists already");

        var imported = await renewed.RunAsync(["import", archive], Passphrase);
        var move = Path.Combine(old.Home, "move.json");
        await File.WriteAllTextAsync(move, imported.Good());
        imported.Error.ShouldStartWith("Stored 1 projects, 1 nodes, 1 secret values");
        (await renewed.RunAsync("env", "list", "--project", "moving")).Good().ShouldContain("A ");
        (await renewed.RunAsync(["import", archive], Passphrase)).Bad(3).ShouldContain("has projects or nodes");

        (await old.RunAsync("nodes", "move", move)).Good().ShouldBe("Asked moving-1. See them go with: vpspilot nodes list\n");
    }

    [Fact]
    public async Task Nothing_is_stored_of_what_cannot_be_opened_and_no_half_file_stays()
    {
        var archive = Path.Combine(old.Home, "small.archive");
        (await old.RunAsync(["export", archive], "too short")).Bad(3).ShouldContain("passphrase");
        Directory.GetFiles(old.Home, "small.archive*").ShouldBeEmpty();

        (await old.RunAsync(["export", archive, "--without-logs", "--json"], Passphrase)).Good().ShouldBe($$"""{"file":"{{archive}}"}""" + "\n");
        (await renewed.RunAsync(["import", archive], Passphrase + "?")).Bad(3).ShouldContain("cannot be used; nothing was changed");
        (await renewed.RunAsync(["import", archive], "öffne dich, Sesam")).Bad(2).ShouldContain("printable ASCII");
        (await renewed.RunAsync("import", archive + ".none")).Bad(2).ShouldContain("There is no file");
        (await old.RunAsync(["nodes", "move", "-"], "no JSON")).Bad(2).ShouldContain("is not what 'vpspilot import' prints");
    }

    public async Task DisposeAsync() => await other.DisposeAsync();

    public void Dispose()
    {
        other.Dispose();
        old.Dispose();
        renewed.Dispose();
    }
}
