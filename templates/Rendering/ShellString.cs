namespace VpsPilot.Templates.Rendering;

/// <summary>The one way a text enters a shell script.</summary>
public static class ShellString
{
    /// <summary>One shell word whose value is exactly the text.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
