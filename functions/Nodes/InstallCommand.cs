using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Nodes;

/// <summary>The one line that a person runs on a new node.</summary>
internal sealed class InstallCommand(AgentPackages packages, TrustedAuthority authority)
{
    /// <summary>
    /// The line for a server. It brings the SHA-256 of the install script, and where the server's certificate is from an authority of its own that
    /// authority's: what is fetched is checked before it is trusted or run.
    /// </summary>
    public async Task<string> ForAsync(string server, string token, CancellationToken ct)
    {
        var fingerprint = server.StartsWith("https://", StringComparison.Ordinal) ? authority.Fingerprint : null;
        var (fetch, trust, more) = fingerprint is null
            ? ("", "", "")
            : ($"ca=$(mktemp) && curl -fsSk '{server}/api/ca.pem' -o \"$ca\" && {Check(fingerprint, "ca")}", "--cacert \"$ca\" ", $" --ca \"$ca\" --ca-sha256 {fingerprint}");
        var check = packages.Script is { } script ? Check(await AgentPackages.HashAsync(script, ct), "script") : "";
        return $"{fetch}script=$(mktemp) && curl -fsSL {trust}'{server}/api/install.sh' -o \"$script\" && {check}sh \"$script\" --url '{server}' --token '{token}'{more}";
    }

    private static string Check(string sha256, string variable) => $"echo \"{sha256}  ${variable}\" | sha256sum --check --quiet && ";
}
