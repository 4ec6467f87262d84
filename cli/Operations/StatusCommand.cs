using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Operations;

/// <summary><c>vpspilot status</c>: asks the nodes what serves.</summary>
internal static class StatusCommand
{
    public static Command Create() => Actions.Command("status", "What serves on each node, as the nodes say now.").CallsProject(async (session, api, project, ct) =>
    {
        var status = await api.GetAsync(Route.To($"api/projects/{project}/status"), ApiJson.Default.OperationView, ct);
        var exit = session.Output.Show(status, s => Print(session.Output, project, s));
        return exit != ExitCode.Done ? exit : status.Value!.Status == "succeeded" ? ExitCode.Done : ExitCode.Failed;
    });

    private static void Print(Writer output, string project, OperationView status)
    {
        var table = new TextTable("NODE", "SERVES", "GENERATION", "PROCESS", "SLOT", "STATE", "RESTARTS", "MEMORY");
        foreach (var node in status.Nodes.OrderBy(n => n.NodeId, StringComparer.Ordinal))
        {
            var (commit, generation) = (Words.Commit(node.Serving?.Commit), node.Serving is { } serving ? $"{serving.Generation}" : null);
            foreach (var unit in node.Units ?? [])
            {
                table.Add(node.NodeId, commit, generation, unit.Process, unit.Slot, Cell.State(unit.State), $"{unit.Restarts}", Words.Bytes(unit.MemoryBytes));
            }

            if (node.Units is not { Count: > 0 })
            {
                table.Add(node.NodeId, commit, generation, null, null, node.Serving is { UnitState: { } state } ? Cell.State(state) : "nothing runs", null, null);
            }
        }

        table.Write(output, $"No node of {project} answered.");
        foreach (var node in status.Nodes.Where(n => n.Failure is not null))
        {
            output.Line($"{node.NodeId}: {node.Failure} {node.Failure!.Hint}".TrimEnd(), Styles.Bad);
        }

        if (status.WaitingFor.Count > 0)
        {
            output.Line($"No answer from: {string.Join(", ", status.WaitingFor)}.", Styles.Warning);
        }
    }
}
