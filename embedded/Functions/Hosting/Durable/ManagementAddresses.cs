using System.Runtime.CompilerServices;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace VpsPilot.Embedded.Functions.Hosting.Durable;

/// <summary>Where the management API of a host answers, known by the host's client: the client's extension methods have nothing else to go by.</summary>
internal static class ManagementAddresses
{
    public const string Path = "/runtime/webhooks/durabletask/instances";

    /// <summary>Where orchestrations are started by name.</summary>
    public const string StartPath = "/runtime/webhooks/durabletask/orchestrators";

    private static readonly ConditionalWeakTable<DurableTaskClient, Place> Places = [];

    public static void Serve(DurableTaskClient client, Uri address, string systemKey) => Places.AddOrUpdate(client, new Place(address, systemKey));

    /// <exception cref="InvalidOperationException">The client belongs to no running host.</exception>
    public static HttpManagementPayload Of(DurableTaskClient client, string instanceId, Uri? request)
    {
        if (!Places.TryGetValue(client, out var place))
        {
            throw new InvalidOperationException("The client belongs to no embedded host.");
        }

        var (address, key) = place;
        var instance = new Uri(request ?? address, $"{Path}/{Uri.EscapeDataString(instanceId)}").AbsoluteUri;
        string At(string rest, string query = "") => $"{instance}{rest}?{query}code={key}";
        return new HttpManagementPayload
        {
            Id = instanceId,
            StatusQueryGetUri = At(""),
            SendEventPostUri = At("/raiseEvent/{eventName}"),
            TerminatePostUri = At("/terminate", "reason={text}&"),
            RewindPostUri = At("/rewind", "reason={text}&"),
            PurgeHistoryDeleteUri = At(""),
            RestartPostUri = At("/restart"),
            SuspendPostUri = At("/suspend", "reason={text}&"),
            ResumePostUri = At("/resume", "reason={text}&"),
        };
    }

    private sealed record Place(Uri Address, string Key);
}
