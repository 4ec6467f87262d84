using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using VpsPilot.Functions.Idempotency;
using VpsPilot.Functions.Notices.Outbox;
using VpsPilot.Functions.Streams;

namespace VpsPilot.Functions.Schedules;

/// <summary>Deletes what nobody needs any more.</summary>
internal sealed class HousekeepingFunctions(Retention retention, ChangeLog changes, IdempotencyStore requests, OutboxStore outbox)
{
    /// <summary>Every hour: finished orchestrations and their logs.</summary>
    [Function(nameof(PurgeFinished))]
    public Task PurgeFinished([TimerTrigger("0 7 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken ct) => retention.RunAsync(client, ct);

    /// <summary>Every ten minutes: changes that nobody can ask for, answers whose keys are forgotten, and the traces of what was sent.</summary>
    [Function(nameof(PurgeTraces))]
    public async Task PurgeTraces([TimerTrigger("0 */10 * * * *")] TimerInfo timer, CancellationToken ct)
    {
        await changes.PurgeAsync(ct);
        await requests.PurgeAsync(ct);
        await outbox.PurgeAsync(ct);
    }
}
