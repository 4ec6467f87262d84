namespace VpsPilot.Functions.Commands;

/// <summary>
/// Ids of commands: <c>&lt;deployment&gt;.&lt;kind&gt;.&lt;group&gt;.&lt;node&gt;</c>. The group is a number within the deployment, and
/// <c>&lt;deployment&gt;.&lt;group&gt;</c> the instance id of the orchestration that waits for the answer: so an answer finds it without any index.
/// </summary>
internal static class CommandIds
{
    public const string Build = "build";
    public const string Activate = "activate";
    public const string Confirm = "confirm";
    public const string RollBack = "roll-back";
    public const string Cancel = "cancel";

    /// <summary>Instance id of a group's orchestration.</summary>
    public static string GroupOf(string deploymentId, int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{deploymentId}.{number}");

    /// <summary>Id of a command that a group's orchestration sends.</summary>
    public static string Of(string group, string kind, string nodeId)
    {
        var parts = group.Split('.');
        return $"{parts[0]}.{kind}.{parts[1]}.{nodeId}";
    }

    /// <summary>Instance id of the orchestration that waits for the answer to a command of a deployment.</summary>
    public static string GroupOf(string commandId)
    {
        var parts = commandId.Split('.');
        return $"{parts[0]}.{parts[2]}";
    }

    /// <summary>Name of the external event with a command's result.</summary>
    public static string ResultEvent(string commandId) => "result:" + commandId;

    /// <summary>The kind in an id of this deployment and node; null for any other id.</summary>
    public static string? KindOf(string commandId, string deploymentId, string nodeId)
    {
        var parts = commandId.Split('.');
        return parts.Length == 4 && parts[0] == deploymentId && parts[3] == nodeId && parts[1] is Build or Activate or Confirm or RollBack or Cancel ? parts[1] : null;
    }
}
