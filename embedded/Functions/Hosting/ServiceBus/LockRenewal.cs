using VpsPilot.Embedded.Broker;

namespace VpsPilot.Embedded.Functions.Hosting.ServiceBus;

/// <summary>Renews the locks of messages while their function runs: each time half of the shortest is over, up to a limit.</summary>
internal sealed class LockRenewal : IDisposable
{
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromSeconds(1);

    private readonly ITimer timer;

    /// <param name="broker">Holds the locks.</param>
    /// <param name="messages">The locked messages, at least one.</param>
    /// <param name="longest">After this the locks are left to end, so that another may try.</param>
    /// <param name="time">The clock.</param>
    public LockRenewal(IBroker broker, IReadOnlyList<LockedMessage> messages, TimeSpan longest, TimeProvider time)
    {
        var began = time.GetUtcNow();
        var half = (messages.Min(m => m.LockedUntil) - began) / 2;
        var period = half > ShortestPeriod ? half : ShortestPeriod;
        timer = time.CreateTimer(
            _ =>
            {
                if (time.GetUtcNow() - began > longest)
                {
                    return;
                }

                foreach (var message in messages)
                {
                    broker.RenewLock(message);
                }
            },
            null,
            period,
            period);
    }

    public void Dispose() => timer.Dispose();
}
