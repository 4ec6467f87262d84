using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Servers;

/// <summary>A control plane, and the token to speak to it with.</summary>
/// <param name="Url">Its address, without a slash at the end.</param>
/// <param name="Token">A bearer token.</param>
internal sealed record Server(string Url, string Token)
{
    /// <summary>Certificate (PEM) of the authority that its certificate must come from; null for those that the system trusts.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>What is wrong with an address, or null. A token never goes over a network in plain text.</summary>
    public static Complaint? Mistake(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.Host.Length == 0)
        {
            return Complaint.Usage($"'{url}' is not the address of a control plane.", "It begins with https://, as in https://pilot.example.org");
        }

        return address.Scheme == "http" && !address.IsLoopback && !AllowsPlainText
            ? Complaint.Usage($"{url} is not encrypted, and everyone on the way could read the token.", "Use https://; on a network that you trust, set VPSPILOT_ALLOW_PLAIN_TEXT=1")
            : null;
    }

    private static bool AllowsPlainText => Environment.GetEnvironmentVariable("VPSPILOT_ALLOW_PLAIN_TEXT") == "1";
}
