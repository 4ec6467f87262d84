using System.CommandLine;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.CommandLine;

/// <summary>One run of a command: what it was given, and where its words go.</summary>
internal sealed class Session(ParseResult arguments)
{
    public Writer Output { get; } = new(arguments.GetValue(GlobalOptions.Json));

    public string? ServerOption => arguments.GetValue(GlobalOptions.Server);

    public T? Get<T>(Option<T> option) => arguments.GetValue(option);

    /// <summary>The value of an argument; one that may be left out is null then.</summary>
    public T Get<T>(Argument<T> argument) => arguments.GetValue(argument)!;
}
