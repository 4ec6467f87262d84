using VpsPilot.Contracts;

namespace VpsPilot.Agent.Processes;

/// <summary>Turns the end of a process into a <see cref="Failure"/>.</summary>
internal static class ProcessFailures
{
    /// <param name="result">A result that is not a success.</param>
    /// <param name="step">The stage.</param>
    /// <param name="what">What was run, for the sentence "<c>what</c> exited with code 1".</param>
    /// <param name="hint">The next thing to do.</param>
    public static Failure ToFailure(this ProcessResult result, string step, string what, string? hint = null) => result.End switch
    {
        ProcessEnd.NotStarted => new Failure(step, FailureKind.Spawn, $"{what} could not be started: {result.LastErrorLine}") { Hint = hint },
        ProcessEnd.TimedOut => new Failure(step, FailureKind.Timeout, $"{what} took longer than its limit and was stopped") { StderrTail = Tail(result), Hint = hint },
        _ => new Failure(step, FailureKind.Exit, $"{what} exited with code {result.ExitCode}") { ExitCode = result.ExitCode, StderrTail = Tail(result), Hint = hint },
    };

    private static string? Tail(ProcessResult result) => result.ErrorTail.Length == 0 ? null : result.ErrorTail;
}
