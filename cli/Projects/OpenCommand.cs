using CliWrap;
using VpsPilot.Cli.CommandLine;

namespace VpsPilot.Cli.Projects;

/// <summary><c>vpspilot open</c>: a project in the browser.</summary>
internal static class OpenCommand
{
    public static System.CommandLine.Command Create() => Actions.Command("open", "Open a project in the browser; where there is none, its address is printed.").CallsProject(async (session, api, project, ct) =>
    {
        var address = $"{api.Server.Url}/projects/{Uri.EscapeDataString(project)}";
        session.Output.Line(session.Output.IsJson ? $$"""{"url":"{{address}}"}""" : address);
        if (session.Output.IsTerminal)
        {
            await TryAsync(Environment.GetEnvironmentVariable("BROWSER") is { Length: > 0 } browser ? browser : "xdg-open", address, ct);
        }

        return ExitCode.Done;
    });

    private static async Task TryAsync(string program, string address, CancellationToken ct)
    {
        try
        {
            await CliWrap.Cli.Wrap(program).WithArguments([address]).WithValidation(CommandResultValidation.None).ExecuteAsync(ct);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No browser here; the address is printed.
        }
    }
}
