namespace VpsPilot.Testbed;

/// <summary>How a command in a test VPS ended.</summary>
/// <param name="ExitCode">Its exit code; 128 + n when signal n ended it.</param>
/// <param name="Output">Its standard output, without the newlines at the end.</param>
/// <param name="Error">Its standard error, without the newlines at the end.</param>
public sealed record VpsResult(int ExitCode, string Output, string Error)
{
    /// <summary>The output of a command that must succeed.</summary>
    /// <returns><see cref="Output"/>.</returns>
    /// <exception cref="InvalidOperationException">The exit code is not 0; the message has both outputs.</exception>
    public string OrThrow() => ExitCode == 0
        ? Output
        : throw new InvalidOperationException($"exit code {ExitCode}\n{Error}\n{Output}");
}
