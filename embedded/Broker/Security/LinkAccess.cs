using VpsPilot.Embedded.Broker.Queues;
using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Security;

/// <summary>
/// What one open link may do. It is asked for at each message and looked up anew when the token ends, or a minute after the rules of the queue
/// changed: whoever is given a new key over another way can finish what it does with the earlier one. A deleted queue closes its links at once.
/// </summary>
internal sealed class LinkAccess : IDisposable
{
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly ConnectionAccess access;
    private readonly QueueEntity queue;
    private readonly AccessRights right;
    private readonly TimeProvider time;
    private long until;

    public LinkAccess(ConnectionAccess access, QueueEntity queue, AccessRights right, TimeProvider time)
    {
        (this.access, this.queue, this.right, this.time) = (access, queue, right, time);
        until = access.Allows(queue.Name, right);
        queue.RulesChanged += LookAgain;
    }

    /// <summary>False when the link has to close.</summary>
    public bool IsAllowed()
    {
        var now = time.Now();
        if (Volatile.Read(ref until) > now)
            return true;
        var anew = access.Allows(queue.Name, right);
        Volatile.Write(ref until, anew);
        return anew > now;
    }

    public void Dispose() => queue.RulesChanged -= LookAgain;

    private void LookAgain(object? sender, EventArgs e)
    {
        var end = time.Now() + (long)Grace.TotalMilliseconds;
        if (Volatile.Read(ref until) > end)
            Volatile.Write(ref until, end);
    }
}
