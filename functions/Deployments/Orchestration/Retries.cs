using Microsoft.DurableTask;

namespace VpsPilot.Functions.Deployments.Orchestration;

/// <summary>How often activities are tried.</summary>
internal static class Retries
{
    /// <summary>State and locks: patient, since giving up would leave the deployment without an end. About two hours.</summary>
    public static readonly TaskOptions Storage = TaskOptions.FromRetryPolicy(new RetryPolicy(30, TimeSpan.FromSeconds(1), 2, TimeSpan.FromMinutes(5)));

    /// <summary>Sending: the queue may be away for a minute or two, not longer.</summary>
    public static readonly TaskOptions Sending = TaskOptions.FromRetryPolicy(new RetryPolicy(6, TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(30)));
}
