namespace VpsPilot.Functions.Commands;

/// <summary>Ids of commands: <c>&lt;deployment&gt;.&lt;kind&gt;.&lt;node&gt;</c>. A deployment sends each kind to a node once.</summary>
internal static class CommandIds
{
    public const string Build = "build";
    public const string Activate = "activate";
    public const string RollBack = "roll-back";
    public const string Cancel = "cancel";

    public static string Of(string deploymentId, string kind, string nodeId) => $"{deploymentId}.{kind}.{nodeId}";

    /// <summary>Name of the external event with a command's result.</summary>
    public static string ResultEvent(string commandId) => "result:" + commandId;

    /// <summary>The kind in an id of this deployment and node; null for any other id.</summary>
    public static string? KindOf(string commandId, string deploymentId, string nodeId)
    {
        var parts = commandId.Split('.');
        return parts.Length == 3 && parts[0] == deploymentId && parts[2] == nodeId ? parts[1] : null;
    }
}
