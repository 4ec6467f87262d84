using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace VpsPilot.Functions.Deployments.Dispatch;

/// <summary>Every minute: ends deployments whose orchestration is gone.</summary>
internal sealed class ReapFunction(DeploymentReaper reaper)
{
    [Function(nameof(ReapDeployments))]
    public Task ReapDeployments([TimerTrigger("15 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken ct) => reaper.RunAsync(client, ct);
}
