using System.CommandLine;
using System.CommandLine.Completions;
using VpsPilot.Cli.CommandLine;

namespace VpsPilot.Cli.Completion;

/// <summary><c>vpspilot complete LINE</c>: what may stand at the end of a command line that is being typed. The scripts of the shells call it.</summary>
internal static class CompleteCommand
{
    public static Command Create()
    {
        var line = new Argument<string>("line") { Description = "The command line up to the cursor" };
        var command = Actions.Command("complete", "Complete a command line, for shells: words with a tab and what they mean.", line)
            .Does((session, _) => Task.FromResult(Print(session, session.Get(line))));
        command.Hidden = true;
        return command;
    }

    private static int Print(Session session, string line)
    {
        var parsed = CommandTree.Create().Parse(line);
        var word = line.Length == 0 || char.IsWhiteSpace(line[^1]) ? "" : line.Split(' ', '\t')[^1];
        var all = parsed.GetCompletions(line.Length).Where(c => c.Label.StartsWith(word, StringComparison.Ordinal) && c.Label[0] != '/' && c.Label != "-?").ToList();

        // Options come when a dash asks for them, or where nothing else can stand.
        var words = all.Where(c => c.Label[0] != '-').ToList();
        foreach (var item in word.StartsWith('-') || words.Count == 0 ? all.Where(c => c.Label.StartsWith("--", StringComparison.Ordinal) || word.Length > 0) : words)
        {
            session.Output.Line(Meaning(item) is { Length: > 0 } meaning ? $"{item.Label}\t{meaning}" : item.Label);
        }

        return ExitCode.Done;
    }

    private static string? Meaning(CompletionItem item) => (item.Detail ?? item.Documentation)?.Split('\n')[0];
}
