namespace VpsPilot.Embedded.Broker.Storage;

/// <summary>Stored times are Unix milliseconds; <see cref="Never"/> stands for no end.</summary>
internal static class Clock
{
    public const long Never = long.MaxValue;

    public static long Now(this TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds();

    public static DateTimeOffset ToTime(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    public static TimeSpan ToTimeSpan(long milliseconds) =>
        milliseconds >= (long)TimeSpan.MaxValue.TotalMilliseconds ? TimeSpan.MaxValue : TimeSpan.FromMilliseconds(milliseconds);

    public static long ToMilliseconds(TimeSpan span) => span == TimeSpan.MaxValue ? Never : (long)span.TotalMilliseconds;

    /// <summary>The sum, or <see cref="Never"/> where it would overflow.</summary>
    public static long After(long start, long milliseconds) => milliseconds > Never - start ? Never : start + milliseconds;
}
