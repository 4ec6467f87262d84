namespace VpsPilot.Functions.Deployments.Orchestration;

/// <summary>Timers of orchestrations.</summary>
internal static class Timers
{
    /// <summary>Takes timers back. Not <c>CancelAsync</c>: its callbacks run on other threads, which is no deterministic replay.</summary>
    public static void Off(CancellationTokenSource over) => over.Cancel();
}
