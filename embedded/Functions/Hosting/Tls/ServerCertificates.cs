using System.Security.Cryptography.X509Certificates;

namespace VpsPilot.Embedded.Functions.Hosting.Tls;

/// <summary>The server certificate in use. It is renewed before it ends, while the server runs: each new connection asks for it.</summary>
internal sealed class ServerCertificates(CertificateAuthority authority, IReadOnlyList<string> names, TimeProvider time)
{
    private static readonly TimeSpan RenewBefore = CertificateAuthority.ServerLifetime / 3;

    private readonly Lock gate = new();
    private X509Certificate2? current;
    private DateTimeOffset renewAt;

    public CertificateAuthority Authority => authority;

    public X509Certificate2 Current()
    {
        lock (gate)
        {
            // An earlier one may still be in a handshake; it is left to the collector.
            if (current is null || time.GetUtcNow() >= renewAt)
            {
                current = authority.Issue(names, time);
                renewAt = new DateTimeOffset(current.NotAfter.ToUniversalTime(), TimeSpan.Zero) - RenewBefore;
            }

            return current;
        }
    }
}
