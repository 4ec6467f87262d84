using System.CommandLine;
using VpsPilot.Cli.CommandLine;

namespace VpsPilot.Cli.Completion;

/// <summary><c>vpspilot completion</c>: prints what makes a shell complete command lines.</summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong(Shells);
        return Actions.Command("completion", "Print the completion script of a shell.", shell).Does(async (session, ct) =>
        {
            await using var script = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"vpspilot.{session.Get(shell)}")!;
            using var reader = new StreamReader(script);
            session.Output.Write(await reader.ReadToEndAsync(ct));
            return ExitCode.Done;
        });
    }
}
