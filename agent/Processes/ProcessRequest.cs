namespace VpsPilot.Agent.Processes;

/// <summary>A process to run: program and arguments, never a joined string.</summary>
/// <param name="Program">Name or absolute path.</param>
/// <param name="Arguments">Arguments, one by one.</param>
internal sealed record ProcessRequest(string Program, IReadOnlyList<string> Arguments)
{
    public string? WorkingDirectory { get; init; }

    /// <summary>Added to the agent's own environment; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Time limit; default two minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Where its lines go as they come; null: nowhere.</summary>
    public IOutputSink? Output { get; init; }

    /// <summary>Whether lines of standard output go to <see cref="Output"/> too; false where it is an answer for the agent.</summary>
    public bool ShowOutput { get; init; }
}

/// <summary>Takes lines of output.</summary>
internal interface IOutputSink
{
    /// <summary>Takes one line and gives back what may be shown of it: redacted.</summary>
    string Write(string line);
}

/// <summary>How a process ended.</summary>
/// <param name="End">Which way.</param>
/// <param name="ExitCode">Its exit code; -1 when it did not start.</param>
/// <param name="Output">The beginning of standard output, at most 1 MiB.</param>
/// <param name="ErrorTail">The last lines of standard error, or of both where output is shown; at most 4 KiB.</param>
internal sealed record ProcessResult(ProcessEnd End, int ExitCode, string Output, string ErrorTail)
{
    public bool IsSuccess => End == ProcessEnd.Exited && ExitCode == 0;

    /// <summary>Standard output without blanks around it.</summary>
    public string Answer => Output.Trim();

    /// <summary>The last line that says something.</summary>
    public string LastErrorLine => ErrorTail.TrimEnd().Split('\n')[^1].Trim();
}

/// <summary>Ways for a process to end.</summary>
internal enum ProcessEnd
{
    Exited,
    NotStarted,
    TimedOut,
}
