namespace VpsPilot.Cli.CommandLine;

/// <summary>What the program's exit codes mean. They are documented in <c>docs/cli.md</c>, and stay.</summary>
internal static class ExitCode
{
    /// <summary>It was done.</summary>
    public const int Done = 0;

    /// <summary>It was done and ended badly: a deployment that did not succeed, a config with mistakes, a node with faults.</summary>
    public const int Failed = 1;

    /// <summary>The command line, or what it names, is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The control plane refused it: invalid, or not now.</summary>
    public const int Refused = 3;

    /// <summary>No valid token, or one that does not reach that far.</summary>
    public const int Denied = 4;

    /// <summary>There is no such thing.</summary>
    public const int NotFound = 5;

    /// <summary>The control plane does not answer, or with a fault of its own.</summary>
    public const int Unreachable = 6;

    /// <summary>Interrupted by Ctrl+C.</summary>
    public const int Interrupted = 130;
}
