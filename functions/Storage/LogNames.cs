namespace VpsPilot.Functions.Storage;

/// <summary>What a log may be called, whatever keeps it.</summary>
internal static class LogNames
{
    /// <exception cref="ArgumentException">The name could lead out of where logs are kept.</exception>
    public static void Check(string name)
    {
        foreach (var segment in name.Split('/'))
        {
            if (segment.Length == 0 || segment[0] == '.' || segment.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.')))
            {
                throw new ArgumentException($"'{name}' is not the name of a log.", nameof(name));
            }
        }
    }
}
