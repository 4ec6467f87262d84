namespace VpsPilot.Functions.Keys;

/// <summary>Names in the key store.</summary>
internal static class KeyNames
{
    /// <summary>The keys that commands are signed with.</summary>
    public const string Commands = "command";

    /// <summary>The keys that values at rest are encrypted with.</summary>
    public const string Secrets = "secrets";

    /// <summary>The first admin token.</summary>
    public const string AdminToken = "admin-token";
}
