using VpsPilot.Cli.Tests.Running;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Tests;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Cli.Tests.Servers;

public sealed class PinnedAuthorityTests
{
    [Fact]
    public async Task A_control_plane_with_an_authority_of_its_own_is_trusted_by_who_brings_the_certificate()
    {
        using var folder = new TemporaryFolder();
        using var program = new CliProgram();
        var url = $"https://127.0.0.1:{ApiServer.FreePort()}";
        var data = Path.Combine(folder.Path, "data");
        using var host = ControlPlaneApp.Build(["--Embedded:FunctionsAssembly=VpsPilot.Functions", $"--Embedded:Urls={url}", $"--Embedded:DataDirectory={data}", $"--Embedded:Broker:Endpoint=amqps://127.0.0.1:{ApiServer.FreePort()}"]);
        await ControlPlaneApp.PrepareAsync(host, default);
        await host.StartAsync();
        var (token, authority) = (await File.ReadAllTextAsync(Path.Combine(data, "admin-token")), Path.Combine(data, "ca.pem"));

        (await program.RunAsync(["login", url], token)).Bad(6).ShouldBe($"error: The certificate of {url} is not trusted.\nhint:  For a control plane with an authority of its own: vpspilot login URL --ca ca.pem\n");
        (await program.RunAsync(["login", url, "--ca", authority], token)).Good().ShouldContain("as admin");
        (await program.RunAsync("whoami")).Good().ShouldContain(url);

        // And without a file of servers, as in CI.
        (await program.RunAsync("logout")).Good();
        (program.Environment["VPSPILOT_SERVER"], program.Environment["VPSPILOT_TOKEN"], program.Environment["VPSPILOT_CA"]) = (url, token.Trim(), authority);
        (await program.RunAsync("whoami")).Good().ShouldContain(url);
        await host.StopAsync();
    }
}
