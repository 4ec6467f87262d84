using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace VpsPilot.Functions.Deployments.Dispatch;

/// <summary>Every half minute: dispatches deployments that were accepted just before a process stopped.</summary>
internal sealed class DeferredFunction(DeploymentDispatcher dispatcher)
{
    [Function(nameof(DispatchDeferred))]
    public Task DispatchDeferred([TimerTrigger("*/30 * * * * *", RunOnStartup = true)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken ct) =>
        dispatcher.RecoverAsync(client, ct);
}
