using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using VpsPilot.Embedded.DurableTask.Engine.Storage;

namespace VpsPilot.Embedded.DurableTask.Engine.Tracing;

/// <summary>Ids of an execution's spans. They follow from the execution and the task, so that nothing of a trace needs to be stored and a restart keeps it whole.</summary>
internal static class SpanIds
{
    /// <summary>The span of the execution itself.</summary>
    public static ActivitySpanId OfExecution(string executionId) => Of(executionId, -1);

    /// <summary>The span of a call that the execution makes.</summary>
    public static ActivitySpanId OfTask(string executionId, int taskId) => Of(executionId, taskId);

    /// <summary>The trace context that a called activity or sub-orchestration runs under: the call's span where spans are collected, else what the instance was started under.</summary>
    public static string? ContextOfTask(InstanceRow instance, int taskId) =>
        EngineTrace.Collected && ActivityContext.TryParse(instance.TraceParent, null, out var parent)
            ? $"00-{parent.TraceId.ToHexString()}-{OfTask(instance.ExecutionId, taskId).ToHexString()}-{(int)parent.TraceFlags:x2}"
            : instance.TraceParent;

    private static ActivitySpanId Of(string executionId, int taskId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var text = Encoding.UTF8.GetBytes(executionId);
        var source = new byte[text.Length + sizeof(int)];
        text.CopyTo(source, 0);
        BinaryPrimitives.WriteInt32BigEndian(source.AsSpan(text.Length), taskId);
        SHA256.HashData(source, hash);
        return ActivitySpanId.CreateFromBytes(hash[..8]);
    }
}
