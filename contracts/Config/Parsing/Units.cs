using System.Globalization;

namespace VpsPilot.Contracts.Config.Parsing;

/// <summary>Durations and sizes as people write them.</summary>
internal static class Units
{
    private static readonly (string Suffix, double Seconds)[] Durations = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)];
    private static readonly (string Suffix, long Bytes)[] Sizes = [("K", 1L << 10), ("M", 1L << 20), ("G", 1L << 30), ("T", 1L << 40)];

    /// <summary><c>30</c>, <c>250ms</c>, <c>30s</c>, <c>2m</c>, <c>1h</c>, <c>1d</c>; null for anything else.</summary>
    public static TimeSpan? ParseDuration(string text)
    {
        var (suffix, seconds) = Array.Find(Durations, d => text.EndsWith(d.Suffix, StringComparison.Ordinal));
        var number = suffix is null ? text : text[..^suffix.Length];
        return IsPlain(number) && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * (suffix is null ? 1 : seconds) < TimeSpan.MaxValue.TotalSeconds
            ? TimeSpan.FromSeconds(value * (suffix is null ? 1 : seconds))
            : null;
    }

    /// <summary><c>1048576</c>, <c>512M</c>, <c>2G</c>, also <c>512MB</c> and <c>512MiB</c>, powers of 1024; null for anything else.</summary>
    public static long? ParseSize(string text)
    {
        var bare = text.EndsWith("iB", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('B') ? text[..^1] : text;
        var (suffix, bytes) = Array.Find(Sizes, s => bare.EndsWith(s.Suffix, StringComparison.OrdinalIgnoreCase));
        var number = suffix is null ? bare : bare[..^suffix.Length];
        return IsPlain(number) && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * (suffix is null ? 1 : bytes) < long.MaxValue
            ? (long)(value * (suffix is null ? 1 : bytes))
            : null;
    }

    /// <summary>A duration in the greatest unit that holds it without a fraction.</summary>
    public static string Format(TimeSpan duration)
    {
        var (suffix, seconds) = Array.FindLast(Durations, d => duration.TotalSeconds >= d.Seconds && duration.TotalSeconds % d.Seconds == 0);
        return suffix is null ? "0s" : (duration.TotalSeconds / seconds).ToString(CultureInfo.InvariantCulture) + suffix;
    }

    /// <summary>Digits, with digits on both sides of a point.</summary>
    private static bool IsPlain(string number) => number.Length > 0 && char.IsAsciiDigit(number[0]) && char.IsAsciiDigit(number[^1]);
}
