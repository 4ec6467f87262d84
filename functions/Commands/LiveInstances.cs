using Microsoft.DurableTask.Client;

namespace VpsPilot.Functions.Commands;

/// <summary>Orchestrations that may have ended meanwhile.</summary>
internal static class LiveInstances
{
    /// <summary>Raises an event to an orchestration; where that has ended, nobody waits for it, and nothing happens.</summary>
    /// <exception cref="Exception">The event could not be raised although the orchestration runs.</exception>
    public static async Task RaiseIfRunningAsync(this DurableTaskClient client, string id, string name, object payload, CancellationToken ct)
    {
        try
        {
            await client.RaiseEventAsync(id, name, payload, ct);
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            // Hosts say "it has ended" with exceptions of different types, and some say nothing.
            if (await client.GetInstanceAsync(id, ct) is { IsCompleted: false })
            {
                throw;
            }
        }
    }
}
