using System.Net;

namespace VpsPilot.Embedded.Functions.Hosting;

/// <summary>Addresses the host listens on, as settings write them.</summary>
internal static class ListenAddress
{
    /// <summary>Reads one. ASP.NET Core takes <c>*</c> and <c>+</c> for all addresses, which are no part of a URL.</summary>
    /// <param name="setting">Its name, for the message.</param>
    /// <param name="text">Its value.</param>
    /// <param name="schemes">What it takes: without TLS, with TLS.</param>
    /// <exception cref="InvalidOperationException">It is no such address.</exception>
    public static Uri Read(string setting, string text, (string Plain, string Encrypted) schemes)
    {
        var plain = text.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
        return Uri.TryCreate(plain, UriKind.Absolute, out var address) && (address.Scheme == schemes.Plain || address.Scheme == schemes.Encrypted)
            ? address
            : throw new InvalidOperationException($"{setting} has '{text}', which is no address to listen on. It takes {schemes.Plain}://HOST:PORT or {schemes.Encrypted}://HOST:PORT; 0.0.0.0 means all addresses.");
    }

    /// <summary>The same as a program on this machine reaches it.</summary>
    public static Uri FromHere(Uri address) => IPAddress.TryParse(address.Host, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
        ? new UriBuilder(address) { Host = (ip.Equals(IPAddress.Any) ? IPAddress.Loopback : IPAddress.IPv6Loopback).ToString() }.Uri
        : address;
}
