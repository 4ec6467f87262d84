using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Completion;
using VpsPilot.Cli.Migration;
using VpsPilot.Cli.Operations;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Nodes;

/// <summary><c>vpspilot nodes …</c></summary>
internal static class NodeCommands
{
    public static Command Create() => Actions.Command("nodes", "The servers that apps run on.", List(), Add(), Remove(), Doctor(), Collect(), MoveCommand.Create());

    private static Command List() => Actions.Command("list", "Nodes, their state and what serves on them.").Calls(async (session, api, ct) =>
        session.Output.Show(await api.ListAsync("api/nodes", ApiJson.Default.NodeView, ct), nodes =>
        {
            var table = new TextTable("NODE", "STATE", "AGENT", "FREE DISK", "LAST SEEN", "SERVES");
            foreach (var node in nodes)
            {
                var serving = string.Join(", ", node.Serving.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}@{Words.Commit(s.Value.Commit)}"));
                table.Add(node.Id, Cell.State(node.State), node.AgentVersion, Words.Bytes(node.Facts?.DiskFreeBytes), Words.Time(node.LastSeenAt), serving);
            }

            table.Write(session.Output, "There are no nodes. Make one with: vpspilot nodes add NAME");
        }));

    private static Command Add()
    {
        var name = NameArgument();
        var labels = new Option<string[]>("--label") { Description = "A label, as NAME=VALUE; may be given several times", HelpName = "NAME=VALUE" };
        return Actions.Command("add", "Make a node; prints the command that installs the agent on it.", name, labels).Calls(async (session, api, ct) =>
        {
            var given = session.Get(labels) ?? [];
            if (given.FirstOrDefault(l => l.IndexOf('=') < 1) is { } wrong)
            {
                return session.Output.Fail(Complaint.Usage($"The label '{wrong}' is not of the form NAME=VALUE."));
            }

            var node = new NewNode(session.Get(name), given.Length == 0 ? null : given.Select(l => l.Split('=', 2)).GroupBy(l => l[0], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last()[1], StringComparer.Ordinal));
            return session.Output.Show(await api.PostAsync("api/nodes", node, ApiJson.Default.NewNode, ApiJson.Default.CreatedNode, ct), created =>
            {
                session.Output.Remark($"Made {created.Id}. Run this on it as root; the token in it works once, until {Words.Time(created.ExpiresAt)}:");
                session.Output.Line(created.InstallCommand);
            });
        });
    }

    private static Command Remove()
    {
        var (name, yes) = (KnownNode(), Confirmation.Option());
        return Actions.Command("remove", "Remove a node that no project deploys to.", name, yes).Calls(async (session, api, ct) =>
            await Confirmation.AskAsync(session, yes, $"Remove the node {session.Get(name)}?") is { } no
                ? session.Output.Fail(no)
                : session.Output.Show(await api.DeleteAsync(Route.To($"api/nodes/{session.Get(name)}"), ct), _ => session.Output.Line($"Removed {session.Get(name)}.")));
    }

    private static Command Doctor()
    {
        var name = KnownNode();
        return Actions.Command("doctor", "Examine a node: disk, Nix, systemd, edge, ports, clock.", name)
            .Calls((session, api, ct) => OperationRun.PostAsync(session, api, Route.To($"api/nodes/{session.Get(name)}/doctor"), ct));
    }

    private static Command Collect()
    {
        var name = KnownNode();
        return Actions.Command("collect", "Free disk space on a node: releases that nothing can go back to.", name)
            .Calls((session, api, ct) => OperationRun.PostAsync(session, api, Route.To($"api/nodes/{session.Get(name)}/collect"), ct));
    }

    private static Argument<string> NameArgument() => new("node") { Description = "Name of the node" };

    private static Argument<string> KnownNode() => new Argument<string>("node") { Description = "Name of the node", HelpName = "node" }.CompletedBy("api/nodes");
}
