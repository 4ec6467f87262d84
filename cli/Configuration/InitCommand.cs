using System.CommandLine;
using Spectre.Console;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;
using VpsPilot.Cli.Servers;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Defaults;
using VpsPilot.Templates.Detection;

namespace VpsPilot.Cli.Configuration;

/// <summary><c>vpspilot init</c>: writes a config for the app in this folder. It asks only what the app's files do not tell.</summary>
internal static class InitCommand
{
    private static readonly string[] Types = [.. Enum.GetValues<ProjectType>().Select(t => t.ToString().ToLowerInvariant())];

    public static Command Create()
    {
        var type = new Option<string?>("--type") { Description = "Type of the app; default: told by its files", HelpName = "TYPE" };
        type.AcceptOnlyFromAmong(Types);
        var start = new Option<string?>("--start") { Description = "Start command; default: told by its files", HelpName = "COMMAND" };
        var force = new Option<bool>("--force") { Description = "Write over a file that is there" };
        return Actions.Command("init", $"Write a {ConfigParser.FileName} for the app in this folder.", type, start, force)
            .Does((session, ct) => InitAsync(session, session.Get(type), session.Get(start), session.Get(force), ct));
    }

    private static async Task<int> InitAsync(Session session, string? givenType, string? givenStart, bool force, CancellationToken ct)
    {
        var (folder, output) = (Directory.GetCurrentDirectory(), session.Output);
        var file = Path.Combine(folder, ConfigParser.FileName);
        if (File.Exists(file) && !force)
        {
            return output.Fail(Complaint.Usage($"There is a {ConfigParser.FileName} already.", "Check it with: vpspilot validate   Write over it with: vpspilot init --force"));
        }

        var files = AppFiles.Of(folder);
        var detected = TypeDetection.Detect(files);
        if ((givenType ?? (detected is var (found, _) ? Name(found) : await AskTypeAsync(output, ct))) is not { } type)
        {
            return output.Fail(Complaint.Usage("The files here do not tell what the app is.", $"Say so with --type: {string.Join(", ", Types)}"));
        }

        var parsed = Enum.Parse<ProjectType>(type, ignoreCase: true);
        var filled = ProjectDefaults.Apply(new ProjectConfig { Type = parsed }, files);
        var start = givenStart ?? (filled.Failure is not null ? await AskStartAsync(output, ct) : null);
        if (start is null && filled.Failure is not null)
        {
            return output.Fail(Complaint.Usage("The files here do not tell how the app is started.", "Say so with --start; it must listen on 127.0.0.1:$PORT"));
        }

        var reason = givenType is null && detected is var (_, sign) ? sign : "you";
        var schema = ServerChoice.Choose(session.ServerOption).Value is { } server ? $"{server.Url}/api/config.schema.json" : null;
        await File.WriteAllTextAsync(file, ConfigText.Write(type, reason, start, filled.Config, schema), ct);
        var exit = ValidateCommand.Tell(output, ConfigCheck.Of(file, folder));
        output.Remark("Commit it, then make the project: vpspilot projects create ID --node NODE");
        return exit;
    }

    private static string Name(ProjectType type) => type.ToString().ToLowerInvariant();

    private static async Task<string?> AskTypeAsync(Writer output, CancellationToken ct) => !output.IsTerminal || !Writer.CanAsk ? null
        : await AnsiConsole.Console.PromptAsync(new SelectionPrompt<string>().Title("What is the app?").AddChoices(Types), ct);

    private static async Task<string?> AskStartAsync(Writer output, CancellationToken ct) => !output.IsTerminal || !Writer.CanAsk ? null
        : await AnsiConsole.Console.PromptAsync(new TextPrompt<string>("How is it started? It must listen on 127.0.0.1:$PORT:"), ct);
}
