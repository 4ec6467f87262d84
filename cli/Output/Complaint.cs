using VpsPilot.Contracts;

namespace VpsPilot.Cli.Output;

/// <summary>An expected failure: why a command is not done, and the next thing to do.</summary>
/// <param name="ExitCode">One of <see cref="CommandLine.ExitCode"/>.</param>
/// <param name="Code">Stable code, for programs.</param>
/// <param name="Message">One line for a person.</param>
internal sealed record Complaint(int ExitCode, string Code, string Message)
{
    /// <summary>What to do, or type, next; null when the message says it all.</summary>
    public string? Hint { get; init; }

    /// <summary>Every single mistake; null where the message is about one thing.</summary>
    public IReadOnlyList<Problem>? Errors { get; init; }

    /// <summary>The command line, or a file that it names, is wrong.</summary>
    public static Complaint Usage(string message, string? hint = null) => new(CommandLine.ExitCode.Usage, "usage", message) { Hint = hint };
}
