using System.Text.Json.Nodes;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Access;

/// <summary>Who did what, when, from where. No value of a request is in it.</summary>
internal sealed record AuditEntry
{
    public string? Id { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Name of the token; null for a caller without a valid one.</summary>
    public string? Who { get; init; }

    public string? TokenId { get; init; }

    /// <summary>Name of the function.</summary>
    public required string What { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    /// <summary>Address of the caller.</summary>
    public string? From { get; init; }

    /// <summary>Why, in a few words; null where the rest says it.</summary>
    public string? Detail { get; init; }

    /// <summary>HTTP status that was answered.</summary>
    public int Status { get; init; }

    /// <summary>For a change: the properties that changed, as they were; null for something new.</summary>
    public JsonObject? Before { get; init; }

    /// <summary>As they are now; null for something deleted.</summary>
    public JsonObject? After { get; init; }
}

/// <summary>The audit log.</summary>
internal sealed class AuditLog(IStateStore store, TimeProvider time)
{
    private const string Partition = "audit";
    private const int AnonymousDenialsPerMinute = 60;

    private readonly Lock gate = new();
    private DateTimeOffset minute;
    private int denials;

    public Task WriteAsync(AuditEntry entry, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var stamped = entry with { Id = Guid.CreateVersion7(now).ToString("N"), At = now };
        return store.InsertAsync(Partition, StateKeys.NewestFirst(now) + "-" + stamped.Id, stamped, AccessJson.Default.AuditEntry, ct);
    }

    /// <summary>Writes a denial; of callers without a token a bounded number each minute, so that a scan does not fill the disk.</summary>
    public Task WriteDenialAsync(AuditEntry entry, CancellationToken ct) => entry.TokenId is not null || MayWriteAnonymous() ? WriteAsync(entry, ct) : Task.CompletedTask;

    public async Task<Page<AuditEntry>> ListAsync(Paging paging, CancellationToken ct)
    {
        var page = await store.ListAsync(Partition, "", paging.Limit, paging.Continuation, AccessJson.Default.AuditEntry, ct);
        return new([.. page.Items.Select(e => e.Value)], Paging.Cursor(page.Continuation));
    }

    private bool MayWriteAnonymous()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (now - minute > TimeSpan.FromMinutes(1))
            {
                minute = now;
                denials = 0;
            }

            return denials++ < AnonymousDenialsPerMinute;
        }
    }
}
