namespace VpsPilot.Functions.Storage;

/// <summary>What every state store accepts; the limits of Azure Tables, so that a document written to one store fits all.</summary>
/// <remarks>Source: Azure documentation, "Understanding the Table service data model" (key characters, 1 KiB keys, 64 KiB binary properties).</remarks>
internal static class StateLimits
{
    /// <summary>Largest document in bytes.</summary>
    public const int MaxDocumentBytes = 64 * 1024;

    /// <summary>Longest partition or key in characters (1 KiB in UTF-16).</summary>
    public const int MaxKeyCharacters = 512;

    /// <exception cref="ArgumentException">The partition, the key or the document is one that some store could not hold.</exception>
    public static void Check(string partition, string key, ReadOnlyMemory<byte> json)
    {
        CheckKey(partition);
        CheckKey(key);
        if (json.Length > MaxDocumentBytes)
        {
            throw new ArgumentException($"The document {partition}/{key} has {json.Length} bytes; the limit is {MaxDocumentBytes}.", nameof(json));
        }
    }

    public static void CheckKey(string key)
    {
        if (key.Length is 0 or > MaxKeyCharacters || key.AsSpan().IndexOfAny("/\\#?") >= 0 || key.Any(char.IsControl))
        {
            throw new ArgumentException($"'{key}' cannot be a state key.", nameof(key));
        }
    }
}
