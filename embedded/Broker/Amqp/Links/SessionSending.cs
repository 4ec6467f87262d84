using System.Runtime.CompilerServices;
using Amqp;

namespace VpsPilot.Embedded.Broker.Amqp.Links;

/// <summary>
/// What the broker sends on one session, by one thread at a time. The library (AMQPNetLite 2.5.5) writes whatever waits on a session by the
/// thread that came first, and takes a delivery that is settled off its list. When that delivery was just written, and its writer has not
/// gone on yet, then it forgets all that waits behind it. Here whoever settles waits until the writer has gone on. The thread that reads the
/// connection may write too: it is also the one that hears of settlements, so it cannot be overtaken by them.
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
