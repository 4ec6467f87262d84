using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Testing;

namespace VpsPilot.Embedded.DurableTask.Tests.Scenarios;

/// <summary>What most scenarios do, in one line each.</summary>
internal static class Runs
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task<OrchestrationMetadata> RunAsync(this DurableTaskTestHost host, string name, object? input = null) =>
        await host.EndAsync(await host.Client.ScheduleNewOrchestrationInstanceAsync(name, input));

    public static Task<OrchestrationMetadata> EndAsync(this DurableTaskTestHost host, string id) =>
        host.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(Limit);

    public static async Task WaitForAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
