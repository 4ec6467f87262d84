using System.Diagnostics.CodeAnalysis;
using Amqp;

namespace VpsPilot.Messaging.Amqp;

/// <summary>
/// The open links of a sender, a bounded number of them: the one that was not used for the longest time is closed for a new one. A link that
/// a message is under way on is never closed, since nobody could tell then whether the message arrived. Thread-safe.
/// </summary>
internal sealed class SenderLinks(int capacity)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> byQueue = new(StringComparer.OrdinalIgnoreCase);
    private readonly LinkedList<Entry> byUse = new();

    /// <summary>The open link to a queue, for one message; null when there is none. <see cref="Release"/> has to follow.</summary>
    public SenderLink? Take(string queue)
    {
        lock (gate)
        {
            if (!byQueue.TryGetValue(queue, out var node) || node.Value.Link.IsClosed)
                return null;
            node.Value.InUse++;
            byUse.Remove(node);
            byUse.AddFirst(node);
            return node.Value.Link;
        }
    }

    /// <summary>Adds a link in place of one to the same queue, taken for one message. <see cref="Release"/> has to follow.</summary>
    public SenderLink Add(string queue, SenderLink link)
    {
        lock (gate)
        {
            if (byQueue.Remove(queue, out var before))
                byUse.Remove(before);
            byQueue[queue] = byUse.AddFirst(new Entry(queue, link) { InUse = 1 });
            if (byQueue.Count > capacity && TryFindIdle(out var idle))
            {
                byQueue.Remove(idle.Value.Queue);
                byUse.Remove(idle);
                _ = idle.Value.Link.CloseAsync(TimeSpan.Zero, null);
            }

            return link;
        }
    }

    /// <summary>The message is settled, or lost.</summary>
    public void Release(SenderLink link)
    {
        lock (gate)
        {
            for (var node = byUse.First; node is not null; node = node.Next)
            {
                if (ReferenceEquals(node.Value.Link, link))
                {
                    node.Value.InUse--;
                    return;
                }
            }
        }
    }

    /// <summary>Forgets all, when their connection is gone.</summary>
    public void Clear()
    {
        lock (gate)
        {
            byQueue.Clear();
            byUse.Clear();
        }
    }

    private bool TryFindIdle([NotNullWhen(true)] out LinkedListNode<Entry>? idle)
    {
        for (idle = byUse.Last; idle is not null && idle.Value.InUse > 0; idle = idle.Previous)
        {
            // The next one, then.
        }

        return idle is not null;
    }

    private sealed class Entry(string queue, SenderLink link)
    {
        public string Queue => queue;

        public SenderLink Link => link;

        public int InUse { get; set; }
    }
}
