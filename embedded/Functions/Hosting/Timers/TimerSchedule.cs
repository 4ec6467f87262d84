using System.Globalization;
using Cronos;

namespace VpsPilot.Embedded.Functions.Hosting.Timers;

/// <summary>When a timer runs: NCRONTAB with six fields (seconds first) or five, in UTC; or a span, for example <c>00:05:00</c>.</summary>
internal sealed class TimerSchedule
{
    private readonly Func<DateTime, DateTime?> next;

    private TimerSchedule(Func<DateTime, DateTime?> next) => this.next = next;

    /// <exception cref="FormatException">It is neither.</exception>
    public static TimerSchedule Parse(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span))
        {
            return span > TimeSpan.Zero ? new TimerSchedule(now => now + span) : throw new FormatException($"A timer cannot run every '{text}'.");
        }

        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        var cron = CronExpression.Parse(text, fields == 5 ? CronFormat.Standard : CronFormat.IncludeSeconds);
        return new TimerSchedule(now => cron.GetNextOccurrence(now));
    }

    /// <summary>The first run after an instant (UTC); null when there is none.</summary>
    public DateTime? Next(DateTime now) => next(now);
}
