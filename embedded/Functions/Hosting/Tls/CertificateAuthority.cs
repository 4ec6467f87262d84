using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VpsPilot.Embedded.Functions.Hosting.Tls;

/// <summary>
/// The host's own certificate authority: ECDSA P-256, made at the first start, <c>ca.key</c> (mode 0600) and <c>ca.pem</c> in the data folder.
/// Whoever is to trust the host pins the authority; server certificates come and go under it.
/// </summary>
internal sealed class CertificateAuthority
{
    /// <summary>How long a server certificate holds.</summary>
    public static readonly TimeSpan ServerLifetime = TimeSpan.FromDays(90);

    private const int AuthorityYears = 20;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    private readonly string keyPem;

    private CertificateAuthority(string file, string keyPem, string pem) => (File, this.keyPem, Pem) = (file, keyPem, pem);

    /// <summary>Path of the certificate.</summary>
    public string File { get; }

    /// <summary>The certificate.</summary>
    public string Pem { get; }

    /// <summary>Reads the authority, or makes it.</summary>
    public static CertificateAuthority LoadOrMake(string folder, TimeProvider time)
    {
        var secret = SecretFile.ReadOrMake(Path.Combine(folder, "ca.key"), () =>
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return key.ExportPkcs8PrivateKeyPem();
        });
        var file = Path.Combine(folder, "ca.pem");
        return new(file, secret, SecretFile.ReadOrMake(file, () => SelfSigned(secret, time.GetUtcNow())));
    }

    /// <summary>A new server certificate with a key of its own, for names and IP addresses. The key is never on disk.</summary>
    public X509Certificate2 Issue(IEnumerable<string> names, TimeProvider time)
    {
        using var authority = X509Certificate2.CreateFromPem(Pem, keyPem);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=VPS Pilot", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)); // TLS server (RFC 5280)
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = time.GetUtcNow();
        using var signed = request.Create(authority, now - ClockSkew, now + ServerLifetime, RandomNumberGenerator.GetBytes(16));
        return signed.CopyWithPrivateKey(key);
    }

    private static string SelfSigned(string keyPem, DateTimeOffset now)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(keyPem);
        var request = new CertificateRequest($"CN=VPS Pilot authority {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(now - ClockSkew, now.AddYears(AuthorityYears));
        return certificate.ExportCertificatePem() + "\n";
    }
}
