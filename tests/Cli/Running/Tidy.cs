using System.Text.RegularExpressions;

namespace VpsPilot.Cli.Tests.Running;

/// <summary>Takes out of output what differs from run to run, so that the rest can be compared.</summary>
internal static partial class Tidy
{
    public static string Of(string text) =>
        Gap().Replace(Trailing().Replace(Secret().Replace(Id().Replace(Duration().Replace(Time().Replace(Address().Replace(text, "http://SERVER"), "YYYY-MM-DD HH:MM"), "TIME"), "ID"), "SECRET"), ""), "  ");

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.None, 1000)]
    private static partial Regex Address();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d", RegexOptions.None, 1000)]
    private static partial Regex Time();

    [GeneratedRegex(@"\b(\d+ ms|\d+\.\d s|\d+ min \d\d s)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Duration();

    [GeneratedRegex(@"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b", RegexOptions.None, 1000)]
    private static partial Regex Id();

    [GeneratedRegex(@"\b([0-9a-f]{64}|vp[pea]_[A-Za-z0-9._-]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Secret();

    /// <summary>Columns are as wide as what is in them.</summary>
    [GeneratedRegex(@"(?<=\S) {2,}", RegexOptions.None, 1000)]
    private static partial Regex Gap();

    [GeneratedRegex(@"[ \t]+(?=\n|$)", RegexOptions.None, 1000)]
    private static partial Regex Trailing();
}
