using System.Globalization;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Streams;

/// <summary>A change with its place in the order of all.</summary>
/// <param name="Key">Sorts by time.</param>
/// <param name="Change">The change.</param>
internal sealed record LoggedChange(string Key, Change Change);

/// <summary>The changes of the last hour, in partitions of a minute, so that whoever was cut off can go on where it was. Any process may write and read.</summary>
internal sealed class ChangeLog(IStateStore store, Signal signal, TimeProvider time)
{
    /// <summary>What is older may be gone.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private const string Cursor = "changes";
    private const string CursorKey = "purged-to";

    /// <summary>Minutes that one purge may clear, after the control plane was away.</summary>
    private const int MostMinutes = 7 * 24 * 60;

    public async Task AppendAsync(Change change, CancellationToken ct)
    {
        await store.InsertAsync(Partition(change.At), $"{StateKeys.OldestFirst(change.At)}-{Guid.NewGuid():N}", change, StreamsJson.Default.Change, ct);
        signal.Pulse();
    }

    /// <summary>A key before every change from that time on.</summary>
    public static string KeyAt(DateTimeOffset at) => StateKeys.OldestFirst(at) + "-";

    /// <summary>The time of a key; null when the text is none.</summary>
    public static DateTimeOffset? TimeOf(string key) =>
        key.Length >= 20 && key[19] == '-' && long.TryParse(key.AsSpan(0, 19), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>The changes after a key, the oldest first.</summary>
    public async Task<IReadOnlyList<LoggedChange>> ReadAfterAsync(string key, CancellationToken ct)
    {
        var found = new List<LoggedChange>();
        for (var minute = Minute(TimeOf(key) ?? time.GetUtcNow()); minute <= time.GetUtcNow(); minute = minute.AddMinutes(1))
        {
            var changes = await store.ListAllAsync(Partition(minute), "", StreamsJson.Default.Change, ct);
            found.AddRange(changes.Where(c => string.CompareOrdinal(c.Key, key) > 0).Select(c => new LoggedChange(c.Key, c.Value)));
        }

        return found;
    }

    /// <summary>Deletes what is older than the time it is kept.</summary>
    public async Task PurgeAsync(CancellationToken ct)
    {
        var end = Minute(time.GetUtcNow() - Kept);
        var from = (await store.GetAsync(Cursor, CursorKey, StreamsJson.Default.DateTimeOffset, ct))?.Value ?? end.AddHours(-2);
        for (var minute = from > end.AddMinutes(-MostMinutes) ? from : end.AddMinutes(-MostMinutes); minute < end; minute = minute.AddMinutes(1))
        {
            foreach (var old in await store.ListAllAsync(Partition(minute), "", StreamsJson.Default.Change, ct))
            {
                await store.DeleteAsync(Partition(minute), old.Key, null, ct);
            }
        }

        await store.UpsertAsync(Cursor, CursorKey, end, StreamsJson.Default.DateTimeOffset, ct);
    }

    private static DateTimeOffset Minute(DateTimeOffset at) => new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);

    private static string Partition(DateTimeOffset at) => "changes:" + at.UtcDateTime.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
}
