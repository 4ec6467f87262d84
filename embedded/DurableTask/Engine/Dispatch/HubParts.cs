using System.Threading.Channels;
using VpsPilot.Embedded.DurableTask.Engine.Storage;

namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>What the parts of a running task hub share.</summary>
internal sealed class HubParts(HubDatabase database, TimeProvider time)
{
    public HubWriter Writer { get; } = new(database);

    public HubReader Reader { get; } = new(database);

    public TimeProvider Time => time;

    /// <summary>Instances with something in their inbox.</summary>
    public ReadyQueue Ready { get; } = new();

    /// <summary>Row ids of activities to run.</summary>
    public Channel<long> Activities { get; } = Channel.CreateUnbounded<long>();

    public TimerSignal TimerAdded { get; } = new();

    public InstanceWatch Watch { get; } = new();

    /// <summary>Makes known what a commit has put on disk.</summary>
    public void Publish(EpisodeEffects effects)
    {
        effects.Activities.ForEach(id => Activities.Writer.TryWrite(id));
        effects.Ready.ForEach(Ready.Add);
        effects.Created.ForEach(Watch.Changed);
        if (effects.EarliestTimer is { } due)
        {
            TimerAdded.Added(due);
        }
    }

    /// <summary>Finds the work that an earlier run left.</summary>
    public void Recover()
    {
        foreach (var instanceId in Reader.Read(c => c.Query("SELECT DISTINCT instance_id FROM inbox", r => r.GetString(0))))
        {
            Ready.Add(instanceId);
        }

        foreach (var id in Reader.Read(c => c.Query("SELECT id FROM activities ORDER BY id", r => r.GetInt64(0))))
        {
            Activities.Writer.TryWrite(id);
        }
    }
}
