namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>The most recently used sessions, a bounded number of them. One that fell out is replayed from disk.</summary>
internal sealed class SessionCache(int capacity)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<(string InstanceId, Session Session)>> byId = new(StringComparer.Ordinal);
    private readonly LinkedList<(string InstanceId, Session Session)> byUse = new();

    /// <summary>Takes a session out; null when there is none of that execution.</summary>
    public Session? Take(string instanceId, string executionId)
    {
        lock (gate)
        {
            if (!byId.Remove(instanceId, out var node))
            {
                return null;
            }

            byUse.Remove(node);
            return node.Value.Session.ExecutionId == executionId ? node.Value.Session : null;
        }
    }

    public void Put(string instanceId, Session session)
    {
        lock (gate)
        {
            byId[instanceId] = byUse.AddFirst((instanceId, session));
            if (byId.Count > capacity)
            {
                byId.Remove(byUse.Last!.Value.InstanceId);
                byUse.RemoveLast();
            }
        }
    }
}
