using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Hosting;
using VpsPilot.Contracts.Commands;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Tests.Api;

/// <summary>The control plane with its own certificate authority, over https and amqps.</summary>
public sealed class TlsTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly int port = ApiServer.FreePort();
    private IHost host = null!;
    private HttpClient pinned = null!;

    private string Data => Path.Combine(folder.Path, "data");

    private string Authority => File.ReadAllText(Path.Combine(Data, "ca.pem"));

    [Fact]
    public async Task Only_who_pins_the_authority_trusts_the_api_and_the_install_command_brings_it()
    {
        await pinned.GetAsync("api/health").JsonAsync();
        using var stranger = new HttpClient { BaseAddress = pinned.BaseAddress };
        (await Should.ThrowAsync<HttpRequestException>(() => stranger.GetAsync("api/health"))).HttpRequestError.ShouldBe(HttpRequestError.SecureConnectionError);

        var command = (string)(await pinned.PostAsync("api/nodes", JsonContent.Create(new { name = "tls-1" })).JsonAsync(HttpStatusCode.Created))["installCommand"]!;

        var served = await pinned.GetByteArrayAsync("api/ca.pem");
        System.Text.Encoding.UTF8.GetString(served).ShouldBe(Authority);
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(served));
        command.ShouldContain($"echo \"{fingerprint}  $ca\" | sha256sum --check");
        command.ShouldEndWith($"--ca \"$ca\" --ca-sha256 {fingerprint}");
    }

    [Fact]
    public async Task An_agent_enrols_hears_and_is_heard_over_pinned_connections()
    {
        var created = await pinned.PostAsync("api/nodes", JsonContent.Create(new { name = "tls-2" })).JsonAsync(HttpStatusCode.Created);
        await using var agent = await SimulatedAgent.EnrollAsync(pinned, (string)created["enrollmentToken"]!);
        agent.Identity.QueueEndpoint.ShouldStartWith("amqps://");
        agent.Identity.CertificateAuthority.ShouldBe(Authority);
        await ApiServer.UntilAsync(async () => (string)(await pinned.GetAsync("api/nodes/tls-2").JsonAsync())["state"]! == "online");

        var heard = new TaskCompletionSource<CommandEnvelope>(TaskCreationOptions.RunContinuationsAsynchronously);
        agent.Answer = command =>
        {
            heard.TrySetResult(command);
            return null;
        };
        await pinned.PostAsync("api/nodes/tls-2/rotate", null).ShouldBeAsync(HttpStatusCode.Accepted);

        (await heard.Task.WaitAsync(TimeSpan.FromSeconds(20))).Body.ShouldBeOfType<RotateKeysCommand>();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
#pragma warning disable SYSLIB0039, CA5397 // That the old ones are refused is the test.
    [InlineData(SslProtocols.Tls11, false)]
    [InlineData(SslProtocols.Tls, false)]
#pragma warning restore SYSLIB0039, CA5397
    public async Task Nothing_below_TLS_1_2_is_spoken(SslProtocols protocol, bool isSpoken)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, port);
        await using var tls = new SslStream(tcp.GetStream());
        var options = new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", EnabledSslProtocols = protocol, CertificateChainPolicy = Trust() };

        if (isSpoken)
        {
            await tls.AuthenticateAsClientAsync(options);
            tls.SslProtocol.ShouldBe(protocol);
        }
        else
        {
            (await Should.ThrowAsync<Exception>(() => tls.AuthenticateAsClientAsync(options))).ShouldBeAssignableTo<Exception>().ShouldSatisfyAllConditions(e => (e is AuthenticationException or IOException).ShouldBeTrue(e.GetType().Name));
        }
    }

    [Fact]
    public void The_authoritys_key_can_be_read_by_its_owner_only() =>
        File.GetUnixFileMode(Path.Combine(Data, "ca.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

    public async Task InitializeAsync()
    {
        host = ControlPlaneApp.Build(
        [
            "--Embedded:FunctionsAssembly=VpsPilot.Functions",
            $"--Embedded:Urls=https://127.0.0.1:{port}",
            $"--Embedded:DataDirectory={Data}",
            $"--Embedded:Broker:Endpoint=amqps://127.0.0.1:{ApiServer.FreePort()}",
        ]);
        await ControlPlaneApp.PrepareAsync(host, default);
        await host.StartAsync();
        pinned = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = Trust() } }) { BaseAddress = new Uri($"https://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(20) };
        pinned.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(Data, "admin-token"))).Trim());
    }

    public async Task DisposeAsync()
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    public void Dispose()
    {
        pinned.Dispose();
        folder.Dispose();
    }

    private X509ChainPolicy Trust()
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(Authority));
        return trust;
    }
}
