using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Engine.History;
using VpsPilot.Embedded.DurableTask.Engine.Storage;

namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>An inbox row.</summary>
internal sealed record InboxMessage(long Id, string? ExecutionId, HistoryEntry Entry);

/// <summary>
/// What one step of an instance takes from its inbox: everything in order, except what a suspension holds back, what came
/// before the start, and results for an execution that is no more.
/// </summary>
internal sealed class Episode
{
    private readonly List<HistoryEntry> accepted = [];
    private readonly List<long> consumed = [];
    private readonly List<InboxMessage> held = [];

    private Episode(bool suspended, bool started)
    {
        Suspended = suspended;
        Started = started;
    }

    public IReadOnlyList<HistoryEntry> Accepted => accepted;

    /// <summary>Rows to delete.</summary>
    public IReadOnlyList<long> Consumed => consumed;

    public bool Suspended { get; private set; }

    /// <summary>Whether the orchestrator has been started, by this step or before.</summary>
    public bool Started { get; private set; }

    public static Episode Select(InstanceRow instance, bool started, IReadOnlyList<InboxMessage> inbox)
    {
        var episode = new Episode(instance.Status == OrchestrationRuntimeStatus.Suspended, started);
        foreach (var message in inbox)
        {
            if (message.ExecutionId is { } execution && execution != instance.ExecutionId)
            {
                episode.consumed.Add(message.Id);
                continue;
            }

            if (!episode.Take(message))
            {
                break;
            }
        }

        return episode;
    }

    /// <summary>Takes or holds one message; false when nothing after it matters.</summary>
    private bool Take(InboxMessage message)
    {
        switch (message.Entry)
        {
            case ExecutionTerminated:
                Accept(message);
                return false;
            case ExecutionSuspended:
                Accept(message);
                Suspended = true;
                return true;
            case ExecutionResumed:
                Accept(message);
                Suspended = false;
                InboxMessage[] waiting = [.. held];
                held.Clear();
                foreach (var earlier in waiting)
                {
                    Take(earlier);
                }

                return true;
            case ExecutionStarted when !Suspended:
                Accept(message);
                Started = true;
                return true;
            default:
                if (Suspended || !Started)
                {
                    held.Add(message);
                }
                else
                {
                    Accept(message);
                }

                return true;
        }
    }

    private void Accept(InboxMessage message)
    {
        accepted.Add(message.Entry);
        consumed.Add(message.Id);
    }
}
