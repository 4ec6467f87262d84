using VpsPilot.Embedded.Broker;

namespace VpsPilot.Embedded.Functions.Hosting.ServiceBus;

/// <summary>Renews the locks of messages while their function runs.</summary>
internal sealed class LockRenewal : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    private readonly ITimer timer;

    public LockRenewal(IBroker broker, IReadOnlyList<LockedMessage> messages, TimeProvider time) =>
        timer = time.CreateTimer(
            _ =>
            {
                foreach (var message in messages)
                {
                    broker.RenewLock(message);
                }
            },
            null, Period, Period);

    public void Dispose() => timer.Dispose();
}
