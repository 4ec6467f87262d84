namespace Microsoft.DurableTask.Abstractions;

/// <summary>Order of versions.</summary>
public static class TaskOrchestrationVersioningUtils
{
    /// <summary>
    /// Below zero when <paramref name="sourceVersion"/> is older. No version is older than any. Dotted numbers are compared as numbers,
    /// anything else as text without regard to case.
    /// </summary>
    public static int CompareVersions(string sourceVersion, string otherVersion)
    {
        var noSource = string.IsNullOrWhiteSpace(sourceVersion);
        var noOther = string.IsNullOrWhiteSpace(otherVersion);
        if (noSource || noOther)
        {
            return noOther.CompareTo(noSource);
        }

        return System.Version.TryParse(sourceVersion, out var source) && System.Version.TryParse(otherVersion, out var other)
            ? source.CompareTo(other)
            : string.Compare(sourceVersion, otherVersion, StringComparison.OrdinalIgnoreCase);
    }
}
