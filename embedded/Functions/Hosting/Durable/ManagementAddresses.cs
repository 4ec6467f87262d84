using Microsoft.Azure.Functions.Worker;

namespace VpsPilot.Embedded.Functions.Hosting.Durable;

/// <summary>Where the management API of this process answers. One host runs in a process, so it is known process-wide, as the client's extension methods need it.</summary>
internal static class ManagementAddresses
{
    public const string Path = "/runtime/webhooks/durabletask/instances";

    private static (Uri Base, string Key)? serving;

    public static void Serve(Uri baseAddress, string systemKey) => serving = (baseAddress, systemKey);

    /// <exception cref="InvalidOperationException">No host has been built in this process.</exception>
    public static HttpManagementPayload Of(string instanceId, Uri? request)
    {
        var (address, key) = serving ?? throw new InvalidOperationException("The embedded host is not running in this process.");
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
}
