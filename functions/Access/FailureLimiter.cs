using System.Net;
using Microsoft.AspNetCore.Http;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Access;

/// <summary>
/// Counts failed authentications by address, so that whoever guesses is soon answered without any work. A caller with a valid token is never
/// held up. An IPv6 address counts as its /64, which one caller has whole.
/// </summary>
internal sealed class FailureLimiter(ClientAddress addresses, TimeProvider time)
{
    /// <summary>Failures that an address has at once.</summary>
    public const int Burst = 60;

    /// <summary>Addresses that are remembered; beyond that the ones that failed longest ago are forgotten.</summary>
    public const int MaxAddresses = 10_000;

    /// <summary>An address gets one failure back after this.</summary>
    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> byAge = new();

    /// <summary>How many addresses are remembered now.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return entries.Count;
            }
        }
    }

    /// <summary>Counts a failure. Null while the address may still fail; otherwise how long it has to wait.</summary>
    /// <param name="request">The request that failed.</param>
    /// <param name="scope">Keeps failures of different kinds apart; empty for access tokens.</param>
    public TimeSpan? Record(HttpRequest request, string scope = "") => Record(Network(addresses.Of(request.HttpContext)) + "\n" + scope);

    internal TimeSpan? Record(string key)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var left = (double)Burst;
            if (entries.Remove(key, out var node))
            {
                byAge.Remove(node);
                left = Math.Min(Burst, node.Value.Left + (now - node.Value.At) / Refill);
            }
            else if (entries.Count >= MaxAddresses)
            {
                entries.Remove(byAge.First!.Value.Key);
                byAge.RemoveFirst();
            }

            var allowed = left >= 1;
            entries[key] = byAge.AddLast(new Entry(key, allowed ? left - 1 : left, now));
            return allowed ? null : Refill * (1 - left);
        }
    }

    private static string Network(string? address)
    {
        if (!IPAddress.TryParse(address, out var ip) || ip.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            return address ?? "";
        }

        return ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4().ToString() : Convert.ToHexStringLower(ip.GetAddressBytes().AsSpan(0, 8));
    }

    private sealed record Entry(string Key, double Left, DateTimeOffset At);
}
