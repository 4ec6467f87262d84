namespace VpsPilot.Contracts;

/// <summary>Ids that no project can have: a node has these names for itself.</summary>
public static class ReservedProjectIds
{
    private static readonly string[] Names = ["agent", "current", "edge", "server"];

    /// <summary>
    /// Whether an id is reserved. A project's app runs as the system user <c>vpspilot-ID</c>: the product's own users have such names too, and with
    /// the project its user is removed. <c>current</c> is the folder with the links to what serves.
    /// </summary>
    public static bool Contains(string? projectId) => projectId is not null && Names.Contains(projectId, StringComparer.Ordinal);

    /// <summary>All of them, for a message.</summary>
    public static string All => string.Join(", ", Names);
}
