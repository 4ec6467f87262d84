namespace VpsPilot.Cli.Tests.Running;

/// <summary>What a run of the program came to.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record CliRun(int ExitCode, string Out, string Error)
{
    /// <summary>Standard output of a run that must have gone well.</summary>
    public string Good()
    {
        ExitCode.ShouldBe(0, $"{Out}\n{Error}");
        return Out;
    }

    /// <summary>Standard error of a run that must have ended with this code.</summary>
    public string Bad(int exitCode)
    {
        ExitCode.ShouldBe(exitCode, $"{Out}\n{Error}");
        return Error;
    }
}
