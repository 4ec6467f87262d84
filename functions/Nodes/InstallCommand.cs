using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Nodes;

/// <summary>The one line that a person runs on a new node.</summary>
internal sealed class InstallCommand(TrustedAuthority authority)
{
    /// <summary>
    /// The line for a server. Where the server's certificate is from an authority of its own, the line brings that authority's SHA-256: the
    /// certificate is fetched, checked against it, and from then on nothing else is trusted.
    /// </summary>
    public string For(string server, string token)
    {
        var install = $"--url '{server}' --token '{token}'";
        return authority.Fingerprint is { } fingerprint && server.StartsWith("https://", StringComparison.Ordinal)
            ? $"ca=$(mktemp) && curl -fsSk '{server}/api/ca.pem' -o \"$ca\" && echo \"{fingerprint}  $ca\" | sha256sum --check --quiet && curl -fsSL --cacert \"$ca\" '{server}/api/install.sh' | sh -s -- {install} --ca \"$ca\" --ca-sha256 {fingerprint}"
            : $"curl -fsSL '{server}/api/install.sh' | sh -s -- {install}";
    }
}
