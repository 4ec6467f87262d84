using System.Globalization;

namespace VpsPilot.Cli.Output;

/// <summary>Numbers, times and ids as people read them.</summary>
internal static class Words
{
    /// <summary>The start of a commit id; a dash for none.</summary>
    public static string Commit(string? commit) => commit is null ? "-" : commit[..Math.Min(12, commit.Length)];

    /// <summary>A time on this machine's clock, to the minute.</summary>
    public static string Time(DateTimeOffset? at) => at is { } t ? t.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "-";

    /// <summary>How long something took or takes: <c>5 ms</c>, <c>2.1 s</c>, <c>3 min 05 s</c>.</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 1000 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, span.TotalMilliseconds):0} ms"),
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(span.TotalSeconds * 10) / 10:0.0} s"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} min {span.Seconds:00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes:00} min"),
    };

    /// <summary>Bytes in the unit that fits; a dash for none.</summary>
    public static string Bytes(long? bytes) => bytes switch
    {
        null => "-",
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0} KB"),
        < 1024L * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024:0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024 / 1024:0.0} GB"),
    };

    /// <summary><c>1 node</c>, <c>2 nodes</c>.</summary>
    public static string Count(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";
}
