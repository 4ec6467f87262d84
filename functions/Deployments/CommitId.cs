namespace VpsPilot.Functions.Deployments;

/// <summary>Ids of git commits.</summary>
internal static class CommitId
{
    /// <summary>A full id: 40 hex digits (SHA-1) or 64 (SHA-256).</summary>
    public static bool IsFull(string? text) => text is { Length: 40 or 64 } && text.All(char.IsAsciiHexDigitLower);
}
