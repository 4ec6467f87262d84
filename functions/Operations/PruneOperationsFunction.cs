using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Operations;

/// <summary>Every hour: deletes operations, their logs and their orchestrations two weeks after they were asked for.</summary>
internal sealed class PruneOperationsFunction(OperationStore operations, ILogStore logs, TimeProvider time)
{
    private const int Most = 200;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(14);

    [Function(nameof(PruneOperations))]
    public async Task PruneOperations([TimerTrigger("0 17 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        foreach (var operation in await operations.OlderAsync(time.GetUtcNow() - Kept, Most, ct))
        {
            await client.PurgeInstanceAsync(operation.Id, ct);
            await logs.DeleteAsync(operation.Id, ct);
            await operations.DeleteAsync(operation, ct);
        }
    }
}
