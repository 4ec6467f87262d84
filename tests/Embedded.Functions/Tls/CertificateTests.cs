using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using VpsPilot.Embedded.Functions.Hosting;
using VpsPilot.Embedded.Functions.Hosting.Tls;

namespace VpsPilot.Embedded.Functions.Tests.Tls;

public sealed class CertificateTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tls-").FullName;
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    [Fact]
    public void A_server_certificate_is_trusted_under_its_names_by_the_authority_alone()
    {
        var authority = CertificateAuthority.LoadOrMake(folder, time);
        var certificate = authority.Issue(["plane.example.com", "10.0.0.5", "PLANE.example.com"], time);

        certificate.MatchesHostname("plane.example.com").ShouldBeTrue();
        certificate.MatchesHostname("10.0.0.5").ShouldBeTrue();
        certificate.MatchesHostname("10.0.0.6").ShouldBeFalse();
        certificate.HasPrivateKey.ShouldBeTrue();
        IsTrusted(certificate, authority.Pem).ShouldBeTrue();
        var other = Directory.CreateDirectory(Path.Combine(folder, "other")).FullName;
        IsTrusted(certificate, CertificateAuthority.LoadOrMake(other, time).Pem).ShouldBeFalse();
    }

    [Fact]
    public void The_authority_stays_the_same_over_restarts() =>
        CertificateAuthority.LoadOrMake(folder, time).Pem.ShouldBe(CertificateAuthority.LoadOrMake(folder, time).Pem);

    [Fact]
    public void A_server_certificate_is_renewed_a_month_before_it_ends_and_not_sooner()
    {
        var certificates = new ServerCertificates(CertificateAuthority.LoadOrMake(folder, time), ["localhost"], time);
        var first = certificates.Current();
        time.Advance(TimeSpan.FromDays(59));
        certificates.Current().ShouldBeSameAs(first);
        time.Advance(TimeSpan.FromDays(2));

        var second = certificates.Current();

        second.SerialNumber.ShouldNotBe(first.SerialNumber);
        second.NotAfter.ShouldBeGreaterThan(first.NotAfter.AddDays(50));
    }

    [Theory]
    [InlineData("http://0.0.0.0:7071", "amqp://127.0.0.1:5672", "https://")]
    [InlineData("http://*:7071", "amqp://127.0.0.1:5672", "https://")]
    [InlineData("http://10.0.0.5:7071;http://127.0.0.1:7072", "amqp://127.0.0.1:5672", "https://")]
    [InlineData("https://0.0.0.0:7071", "amqp://0.0.0.0:5672", "amqps://")]
    public void Plain_text_outside_loopback_is_refused_with_the_remedy(string urls, string broker, string remedy)
    {
        Should.Throw<InvalidOperationException>(() => Read(urls, broker, allow: false)).Message.ShouldContain(remedy);
        Read(urls, broker, allow: true).Urls.ShouldBe(urls);
    }

    [Fact]
    public void Loopback_needs_no_certificate_and_the_rest_gets_one()
    {
        Read("http://127.0.0.1:1;http://localhost:2;http://[::1]:3", "amqp://127.0.0.1:5672", allow: false).Certificates.ShouldBeNull();
        var settings = Read("https://0.0.0.0:1", "amqps://0.0.0.0:5671", allow: false);
        var app = settings.AppSettings().ToDictionary(s => s.Key, s => s.Value);
        settings.Certificates.ShouldNotBeNull().Current().MatchesHostname("127.0.0.1").ShouldBeTrue();
        app["Tls:CertificateAuthority"].ShouldBe(Path.Combine(folder, "ca.pem"));
        app["ServiceBusConnection"].ShouldNotBeNull().ShouldStartWith("Endpoint=sb://127.0.0.1:5671;");
        app["ServiceBusConnection"].ShouldNotBeNull().ShouldNotContain("UseDevelopmentEmulator");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private EmbeddedSettings Read(string urls, string broker, bool allow) => EmbeddedSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(
    [
        new("Embedded:DataDirectory", folder),
        new("Embedded:Urls", urls),
        new("Embedded:Broker:Endpoint", broker),
        new("Embedded:AllowPlainText", allow ? "true" : "false"),
    ]).Build());

    private static bool IsTrusted(X509Certificate2 certificate, string authority)
    {
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(authority));
        return chain.Build(certificate);
    }
}
