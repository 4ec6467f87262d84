using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.DurableTask;

namespace VpsPilot.Embedded.DurableTask.Engine.Tracing;

/// <summary>The engine's trace source, <c>Microsoft.DurableTask</c>, with the names and tags of the public runtime's spans.</summary>
internal static class EngineTrace
{
    private static readonly ActivitySource Source = new(EngineLog.Name);

    /// <summary>Whether anybody collects spans.</summary>
    public static bool Collected => Source.HasListeners();

    /// <summary>The start of an orchestration by a client; null when nobody collects spans.</summary>
    public static Activity? StartCreation(string name, string instanceId) =>
        Tag(Source.StartActivity($"create_orchestration:{name}", ActivityKind.Producer), "orchestration", name, instanceId);

    /// <summary>An event raised by a client; null when nobody collects spans.</summary>
    public static Activity? StartEvent(string name, string target) =>
        Tag(Source.StartActivity($"orchestration_event:{name}", ActivityKind.Producer), "event", name, null)?.SetTag("durabletask.event.target_instance_id", target);

    /// <summary>The run of an activity. There is a span also when nobody collects spans, so that the trace context reaches what the activity sends.</summary>
    public static Activity StartActivity(string name, string instanceId, int taskId, string? traceParent)
    {
        var span = $"activity:{name}";
        if (Source.StartActivity(span, ActivityKind.Server, traceParent) is { } collected)
        {
            return Tag(collected, "activity", name, instanceId)!.SetTag("durabletask.task.task_id", taskId);
        }

        var plain = new Activity(span);
        if (traceParent is not null)
        {
            plain.SetParentId(traceParent);
        }

        return plain.Start();
    }

    /// <summary>A span that has ended, under an id that was known before it was made.</summary>
    public static Activity? StartKnown(string span, ActivityKind kind, ActivityContext parent, ActivitySpanId? id, DateTime start)
    {
        var current = Activity.Current;
        Activity.Current = null;
        try
        {
            if (Source.StartActivity(span, kind, parent, startTime: new DateTimeOffset(start)) is not { } made)
            {
                return null;
            }

            if (id is { } known)
            {
                SpanIdOf(made) = known.ToHexString();
                IdOf(made) = null;
            }

            return made;
        }
        finally
        {
            Activity.Current = current;
        }
    }

    public static Activity? Tag(Activity? activity, string type, string name, string? instanceId)
    {
        activity?.SetTag("durabletask.type", type).SetTag("durabletask.task.name", name);
        return instanceId is null ? activity : activity?.SetTag("durabletask.task.instance_id", instanceId);
    }

    public static void End(this Activity? activity, DateTime at, TaskFailureDetails? failure = null)
    {
        if (activity is null)
        {
            return;
        }

        if (failure is not null)
        {
            activity.SetStatus(ActivityStatusCode.Error, failure.ErrorMessage);
        }

        activity.SetEndTime(at);
        activity.Stop();
    }

    // A span of an orchestration outlives the process, and its children are sent before it ends: its id must be given, which Activity has no public way for.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? SpanIdOf(Activity activity);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_id")]
    private static extern ref string? IdOf(Activity activity);
}
