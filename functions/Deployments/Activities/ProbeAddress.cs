using System.Net;

namespace VpsPilot.Functions.Deployments.Activities;

/// <summary>
/// Which addresses a config may make the control plane ask. Whoever may push writes the config, so never itself, and never where clouds keep
/// credentials; private networks only where the settings let it.
/// </summary>
internal static class ProbeAddress
{
    /// <summary>Metadata services outside the link-local range: of AWS over IPv6, of Alibaba Cloud, and Azure's own.</summary>
    private static readonly IPAddress[] Metadata = [IPAddress.Parse("fd00:ec2::254"), IPAddress.Parse("100.100.100.200"), IPAddress.Parse("168.63.129.16")];

    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fec0::/10"),
    ];

    private static readonly IPNetwork[] LinkLocal = [IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fe80::/10")];

    private static readonly IPNetwork[] Nowhere = [IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("224.0.0.0/3"), IPNetwork.Parse("ff00::/8")];

    /// <summary>Addresses of the translation to IPv4; the last four bytes are the address that is reached.</summary>
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Why an address is not asked, as the end of a sentence; null when it is.</summary>
    public static string? Refusal(IPAddress address, bool mayBePrivate)
    {
        var plain = address.IsIPv4MappedToIPv6 || Translated.Contains(address) ? new IPAddress(address.GetAddressBytes()[12..]) : address;
        return IPAddress.IsLoopback(plain) ? "loopback"
            : Array.Exists(LinkLocal, n => n.Contains(plain)) ? "link-local"
            : Metadata.Contains(plain) ? "one of a metadata service"
            : plain.Equals(IPAddress.IPv6Any) || Array.Exists(Nowhere, n => n.Contains(plain)) ? "no server's"
            : !mayBePrivate && Array.Exists(Private, n => n.Contains(plain)) ? "private (Deployments:ProbePrivate)"
            : null;
    }
}
