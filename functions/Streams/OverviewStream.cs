using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace VpsPilot.Functions.Streams;

/// <summary>Every change that an overview shows, as server-sent events.</summary>
internal sealed class OverviewStream(ChangeLog changes, Signal signal, TimeProvider time)
{
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(2);

    /// <summary>Another process may write a change a little later than its time says.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(10);

    /// <summary>Writes until canceled.</summary>
    /// <param name="response">Where to.</param>
    /// <param name="lastId">The id of the last event that the caller has; null for none.</param>
    /// <param name="isWanted">Which changes the caller may and wants to see.</param>
    /// <param name="ct">Ends the stream.</param>
    public async Task WriteAsync(HttpResponse response, string? lastId, Func<Change, bool> isWanted, CancellationToken ct)
    {
        var writer = new EventWriter(response, time);
        var start = lastId ?? ChangeLog.KeyAt(time.GetUtcNow());
        await writer.BeginAsync(ct);
        if (lastId is not null && !(ChangeLog.TimeOf(lastId) > time.GetUtcNow() - ChangeLog.Kept))
        {
            start = ChangeLog.KeyAt(time.GetUtcNow());
            await writer.SendAsync("reset", start, "{}", ct);
        }

        var sent = new HashSet<string>(StringComparer.Ordinal);
        var from = start;
        while (true)
        {
            var pulse = signal.Next;
            var now = time.GetUtcNow();
            foreach (var change in await changes.ReadAfterAsync(from, ct))
            {
                if (sent.Add(change.Key) && isWanted(change.Change))
                {
                    await writer.SendAsync(Name(change.Change.Kind), change.Key, JsonSerializer.Serialize(change.Change, StreamsJson.Default.Change), ct);
                }
            }

            var late = ChangeLog.KeyAt(now - Late);
            from = string.CompareOrdinal(late, start) > 0 ? late : start;
            sent.RemoveWhere(key => string.CompareOrdinal(key, from) <= 0);
            await writer.KeepAliveAsync(ct);
            await signal.WaitAsync(pulse, LookAfter, ct);
        }
    }

    private static string Name(ChangeKind kind) => kind switch
    {
        ChangeKind.Deployment => "deployment",
        ChangeKind.Node => "node",
        _ => "alert",
    };
}
