using System.Security.Cryptography;
using System.Text;

namespace VpsPilot.Functions.Nodes.EventsKeys;

/// <summary>The two keys of the rule by which nodes send events. The broker takes either; nodes get the first.</summary>
internal sealed record SendKeys(string Primary, string Secondary)
{
    /// <summary>Tells the first key from others, and nothing else of it: 16 hex digits of its SHA-256.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Primary)).AsSpan(0, 8));

    public static SendKeys Create() => new(NewKey(), NewKey());

    /// <summary>A new first key. The one that nodes have stays as the second, or is refused at once.</summary>
    public SendKeys Next(bool keepsEarlier) => new(NewKey(), keepsEarlier ? Primary : NewKey());

    /// <summary>Nothing but the first is accepted.</summary>
    public SendKeys WithoutEarlier() => this with { Secondary = NewKey() };

    /// <summary>Leaves the keys out.</summary>
    public override string ToString() => Fingerprint;

    /// <summary>32 random bytes in base64, as Service Bus wants keys.</summary>
    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
