using System.Runtime.CompilerServices;
using Amqp;

namespace VpsPilot.Embedded.Broker.Amqp.Links;

/// <summary>
/// What is sent on one session, one at a time: deliveries, settlements of deliveries, and closings. The library (AMQPNetLite 2.5.5) forgets
/// what waits behind a delivery that is settled while another thread still writes it, and may write a delivery of a link that it has closed.
/// </summary>
internal sealed class SessionSending
{
    private static readonly ConditionalWeakTable<Session, SessionSending> All = [];

    /// <summary>Held while the library sends. Taken before every lock of the library, and so never where the library calls with a lock held.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Nothing may be sent any more; guarded by <see cref="Gate"/>.</summary>
    public bool HasEnded { get; private set; }

    public static SessionSending Of(Session session) => All.GetValue(session, static _ => new SessionSending());

    /// <summary>Returns when nothing is being sent, and nothing will be.</summary>
    public void End()
    {
        lock (Gate)
            HasEnded = true;
    }
}
