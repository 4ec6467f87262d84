using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace VpsPilot.Functions.Hosting;

/// <summary>The certificate authority that this API's and the queues' own certificates are from, where it is none that the world knows.</summary>
internal sealed class TrustedAuthority(ControlPlaneOptions options)
{
    /// <summary>The certificate in PEM; null where certificates come from a public authority, or nothing is encrypted.</summary>
    public string? Pem { get; } = options.CertificateAuthorityFile is { } file ? File.ReadAllText(file) : null;

    /// <summary>SHA-256 of the file as it is served, in hex: what the install command pins.</summary>
    public string? Fingerprint => Pem is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Pem)));

    /// <summary>A client that trusts this authority alone, or the system's where there is none.</summary>
    public HttpClient CreateClient(TimeSpan timeout)
    {
        var handler = new SocketsHttpHandler();
        if (Pem is not null)
        {
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(Pem));
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust };
        }

        return new HttpClient(handler) { Timeout = timeout };
    }
}
