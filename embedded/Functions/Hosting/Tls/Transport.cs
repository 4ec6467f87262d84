using System.Net;
using Microsoft.Extensions.Configuration;

namespace VpsPilot.Embedded.Functions.Hosting.Tls;

/// <summary>Which addresses need TLS, and under which names they are reached.</summary>
internal static class Transport
{
    public static bool IsEncrypted(Uri address) => address.Scheme is "https" or "amqps";

    /// <exception cref="InvalidOperationException">An address without TLS can be reached from outside this machine.</exception>
    public static void RefusePlainText(IEnumerable<Uri> addresses, bool allow)
    {
        foreach (var address in addresses.Where(a => !allow && !IsEncrypted(a) && !a.IsLoopback))
        {
            throw new InvalidOperationException(
                $"{address} is without encryption and not on loopback. Use {(address.Scheme == "http" ? "https" : "amqps")}:// (the host makes its own certificates), or set Embedded:AllowPlainText=true where something in front encrypts.");
        }
    }

    /// <summary>Names of this machine in certificates: those it listens on, those it is told to be public under, and loopback.</summary>
    public static IReadOnlyList<string> Names(IEnumerable<Uri> addresses, IConfiguration configuration)
    {
        var configured = new[] { configuration["PublicUrl"], configuration["PublicQueueEndpoint"] }.Where(u => u is { Length: > 0 }).Select(u => new Uri(u!));
        return
        [
            .. addresses.Concat(configured).Select(a => a.Host.Trim('[', ']')).Where(h => !IPAddress.TryParse(h, out var ip) || !(ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))).Where(h => h is not ("*" or "+")),
            .. (configuration["Embedded:Tls:Names"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            "localhost", "127.0.0.1", "::1", Dns.GetHostName(),
        ];
    }
}
