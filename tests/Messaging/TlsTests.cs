using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VpsPilot.Embedded.Broker;

namespace VpsPilot.Messaging.Tests;

public sealed class TlsTests
{
    [Fact]
    public async Task Over_amqps_the_pinned_authority_is_trusted_and_no_other()
    {
        using var key = RSA.Create(2048);
        using var authority = Authority(key);
        using var otherKey = RSA.Create(2048);
        using var other = Authority(otherKey);
        using var certificate = Server(authority);
        await using var fixture = await BrokerFixture.StartAsync(configure: options =>
        {
            options.AmqpEndpoint = new Uri("amqps://127.0.0.1:0");
            options.Certificate = certificate;
        });
        await fixture.Broker.CreateQueueAsync("orders");
        var pinned = fixture.Options with { Tls = new TlsOptions { CertificateAuthorityPem = authority.ExportCertificatePem() } };
        var wrong = fixture.Options with
        {
            Tls = new TlsOptions { CertificateAuthorityPem = other.ExportCertificatePem() },
            OperationTimeout = TimeSpan.FromSeconds(2),
        };
        await using var sender = fixture.Sender(pinned);
        await using var stranger = fixture.Sender(wrong);

        await sender.SendAsync("orders", QueueRoundTripTests.Message("m-1"));
        (await QueueRoundTripTests.ReceiveAsync(fixture, "orders", 1, options: pinned)).Single().MessageId.ShouldBe("m-1");
        (await Should.ThrowAsync<QueueException>(stranger.SendAsync("orders", QueueRoundTripTests.Message("m-2")))).Error.ShouldBe(QueueError.Unreachable);

        fixture.Broker.Count("orders").ShouldBe(new QueueCounts(0, 0, 0));
    }

    private static X509Certificate2 Authority(RSA key)
    {
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(10));
    }

    private static X509Certificate2 Server(X509Certificate2 authority)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=broker", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(5), [1, 2, 3, 4]);
        return signed.CopyWithPrivateKey(key);
    }
}
