using System.Diagnostics;

namespace VpsPilot.Embedded.Functions.Hosting;

/// <summary>Spans of the embedded host, source <c>Microsoft.Azure.Functions.Worker</c>.</summary>
internal static class HostTrace
{
    private static readonly ActivitySource Source = new("Microsoft.Azure.Functions.Worker");

    /// <summary>A span under the given W3C parent; also when nobody collects spans, so that the trace context is passed on. A malformed parent counts as none.</summary>
    public static Activity Start(string name, ActivityKind kind, string? traceParent)
    {
        var parent = ActivityContext.TryParse(traceParent, null, isRemote: true, out var context) ? context : default;
        if (Source.StartActivity(name, kind, parent) is { } collected)
        {
            return collected;
        }

        var plain = new Activity(name);
        if (parent != default)
        {
            plain.SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags);
        }

        return plain.Start();
    }
}
