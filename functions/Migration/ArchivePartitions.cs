using VpsPilot.Functions.Nodes.EventsKeys;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Migration;

/// <summary>Which partitions of the state move to another control plane, and which are of use here only.</summary>
internal static class ArchivePartitions
{
    public const string Nodes = "node";
    public const string Tokens = "token";
    public const string SecretUses = "secret-use:";
    public const string Deployments = "deployment:";
    public const string Operations = "operation:";

    /// <summary>Copied as they are, but for what the importer changes. A name with a colon at its end stands for all that begin with it.</summary>
    private static readonly string[] Documents =
    [
        Nodes, "agent-token", Tokens, "audit", "alert", Deployments, "deployments:", "release:", Operations, "operations", "backup:", "stopped:", SecretUses, "notice-channel", "notice-channel:", "notice-state", "webhook-delivery",
    ];

    /// <summary>
    /// Left out: keys of this control plane; secrets, which are exported by value; answers and deliveries of the moment; what is found out anew
    /// (signs of life, drift, lanes); and what has just changed.
    /// </summary>
    private static readonly string[] LeftOut =
    [
        "own-key", EventsKeyRotation.Partition, "secret:", "secret-value:", "idempotency", "token-use", "node-sign", "node-offline", "drift:", "lane", "open", "deferred", "trees:", "changes", "changes:", "outbox", "outbox-pending", "outbox-sent", ImportMark.Partition,
    ];

    /// <summary>True for documents that are copied.</summary>
    public static bool IsDocument(string partition) => IsIn(Documents, partition);

    /// <summary>True for every partition of which it is decided.</summary>
    public static bool IsKnown(string partition) => partition == ProjectStore.Partition || IsDocument(partition) || IsIn(LeftOut, partition);

    private static bool IsIn(string[] names, string partition) => Array.Exists(names, n => n.EndsWith(':') ? partition.StartsWith(n, StringComparison.Ordinal) : partition == n);
}
