using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Security;

/// <summary>The grants that one connection has collected. Thread-safe.</summary>
internal sealed class ConnectionAccess(TimeProvider time)
{
    // A connection that keeps asking for ever new paths must not fill memory.
    private const int MaxGrants = 1000;
    private readonly Lock gate = new();
    private readonly List<Grant> grants = [];

    /// <summary>Whether the connection has never shown a valid credential.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (gate)
                return grants.Count == 0;
        }
    }

    public void Add(Grant grant)
    {
        lock (gate)
        {
            var now = time.Now();
            grants.RemoveAll(old => old.Until <= now || old.Path.Equals(grant.Path, StringComparison.OrdinalIgnoreCase));
            if (grants.Count < MaxGrants)
                grants.Add(grant);
        }
    }

    /// <summary>
    /// Until when the right holds on the path (Unix milliseconds), if the rules stay as they are; 0 when it does not.
    /// </summary>
    public long Allows(string path, AccessRights right)
    {
        lock (gate)
        {
            var now = time.Now();
            return grants.Where(grant => grant.Until > now && grant.RightsNow.HasFlag(right) && grant.Covers(path))
                .Select(grant => grant.Until).DefaultIfEmpty().Max();
        }
    }
}
