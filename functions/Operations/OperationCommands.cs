namespace VpsPilot.Functions.Operations;

/// <summary>Ids of the commands of operations: <c>&lt;operation&gt;.&lt;kind&gt;.&lt;node&gt;</c>. An operation sends each node one, and perhaps a cancel.</summary>
internal static class OperationCommands
{
    public const string Cancel = "cancel";

    public static string IdOf(string operationId, string kind, string nodeId) => $"{operationId}.{kind}.{nodeId}";

    /// <summary>The kind as it stands in command ids.</summary>
    public static string CommandKind(this Operation operation) => operation.Kind.ToString().ToLowerInvariant();
}
