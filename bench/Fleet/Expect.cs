using System.Text.Json.Nodes;

namespace VpsPilot.Bench.Fleet;

/// <summary>Figures count only when what was measured was also right.</summary>
internal static class Expect
{
    public static void That(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException("The measurement is void: " + message);
        }
    }

    /// <summary>The deployment ended as its project has to, and the nodes serve what it says.</summary>
    public static void RightEnd(FleetUnderLoad fleet, string project, IReadOnlyCollection<string> nodes, JsonNode deployment)
    {
        var wanted = project.StartsWith(Scenario.Broken, StringComparison.Ordinal) ? "failed" : project.StartsWith(Scenario.Sick, StringComparison.Ordinal) ? "rolled-back" : "succeeded";
        That((string)deployment["status"]! == wanted, $"{project} ended as {deployment["status"]}: {deployment["summary"]}");
        var serving = fleet.Agents.Count(a => nodes.Contains(a.NodeId, StringComparer.Ordinal) && a.ServingOf(project) == (string)deployment["id"]!);
        That(serving == (wanted == "succeeded" ? nodes.Count : 0), $"{project} {wanted}, and {serving} nodes serve it");
    }
}
