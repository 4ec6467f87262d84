using System.CommandLine;
using System.CommandLine.Parsing;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.CommandLine;

/// <summary>What is wrong with a command line.</summary>
internal static class ParseErrors
{
    /// <summary>Says it in one line for each mistake, and where help is.</summary>
    /// <returns>The exit code.</returns>
    public static int Tell(ParseResult result)
    {
        var path = PathOf(result.CommandResult);
        if (result.CommandResult.Command.Subcommands.Count > 0)
        {
            return Fail(result.UnmatchedTokens is [var word, ..] ? $"There is no command '{word}'." : $"'{path}' needs a command.");
        }

        return Fail(string.Join(" ", result.Errors.Select(e => e.Message)));

        int Fail(string message) => new Writer(result.GetValue(GlobalOptions.Json)).Fail(Complaint.Usage(message, $"See: {path} --help"));
    }

    private static string PathOf(CommandResult command) => command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "vpspilot";
}
