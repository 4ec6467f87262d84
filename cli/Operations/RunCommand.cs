using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Completion;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Operations;

/// <summary><c>vpspilot run</c>: a command in the serving release, as the app's user.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var words = new Argument<string[]>("command") { Description = "After --: a program with its arguments, or one text that is a command line", Arity = ArgumentArity.ZeroOrMore };
        var name = new Option<string?>("--name") { Description = "One of the config's commands, by its name", HelpName = "NAME" };
        var node = new Option<string?>("--node") { Description = "On one node only; default: on all", HelpName = "NODE" }.CompletedBy("api/nodes");
        var limit = new Option<int?>("--timeout") { Description = "Limit in seconds; default: 900", HelpName = "SECONDS" };
        return Actions.Command("run", "Run a command in the serving release, show its output, and end as it ended.", words, name, node, limit).CallsProject(async (session, api, project, ct) =>
        {
            var wish = new RunWish(CommandLineOf(session.Get(words)), session.Get(name), session.Get(limit), session.Get(node));
            if (wish.Command is null == wish.Name is null)
            {
                return session.Output.Fail(Complaint.Usage("Run what? Either a command or --name is needed.", "vpspilot run -- node migrate.js"));
            }

            var started = await api.PostAsync(Route.To($"api/projects/{project}/run"), wish, ApiJson.Default.RunWish, ApiJson.Default.OperationView, ct);
            return started.Value is { } operation ? await ShowAsync(session, api, operation, ct) : session.Output.Fail(started.Complaint!);
        });
    }

    private static async Task<int> ShowAsync(Session session, ApiClient api, OperationView operation, CancellationToken ct)
    {
        try
        {
            if (await FollowedLog.Of(session.Output, api, operation).ShowAsync(ApiJson.Default.OperationView, o => o.HasEnded, ct) is { } complaint)
            {
                return session.Output.Fail(complaint);
            }

            var ended = await OperationRun.EndAsync(session, api, operation, ct);
            return ended.Value is { } end ? Tell(session.Output, end, ended.Json!) : session.Output.Fail(ended.Complaint!);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // As in a shell: Ctrl+C ends the command, not only the looking on.
            var canceled = await api.PostAsync(Route.To($"api/operations/{operation.Id}/cancel"), ApiJson.Default.OperationView, CancellationToken.None);
            session.Output.Remark(canceled.Complaint is { } complaint ? $"The command goes on: {complaint.Message}" : "The command was stopped.");
            return ExitCode.Interrupted;
        }
    }

    /// <summary>The exit code is that of the command; of several nodes the highest.</summary>
    private static int Tell(Writer output, OperationView operation, string json)
    {
        if (output.IsJson)
        {
            output.Event("end", json);
        }

        foreach (var node in operation.Nodes.Where(n => n.Failure is not null || n.ExitCode is not (null or 0)))
        {
            output.Remark($"{node.NodeId}: {(node.Failure is { } failure ? $"{failure} {failure.Hint}".TrimEnd() : $"exit code {node.ExitCode}")}");
        }

        var highest = operation.Nodes.Max(n => n.ExitCode) ?? 0;
        return operation.Status == "succeeded" ? highest : Math.Max(highest, ExitCode.Failed);
    }

    /// <summary>One word is a command line as it is; of several, each stays one word.</summary>
    private static string? CommandLineOf(string[] words) => words switch
    {
        [] => null,
        [var line] => line,
        _ => string.Join(' ', words.Select(Quoted)),
    };

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,@%+".Contains(c)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
