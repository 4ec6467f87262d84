using System.Globalization;

namespace VpsPilot.Agent.Units;

/// <summary>What systemd says of a unit.</summary>
internal sealed record UnitStatus
{
    public static readonly IReadOnlyList<string> Properties = ["Id", "LoadState", "ActiveState", "SubState", "Result", "MainPID", "NRestarts", "ExecMainCode", "ExecMainStatus", "NeedDaemonReload"];

    public required string Unit { get; init; }

    /// <summary><c>active</c>, <c>activating</c>, <c>failed</c>, <c>inactive</c>…</summary>
    public required string ActiveState { get; init; }

    /// <summary><c>running</c>, <c>auto-restart</c>, <c>dead</c>…</summary>
    public required string SubState { get; init; }

    /// <summary>Why the last run ended: <c>success</c>, <c>exit-code</c>, <c>signal</c>, <c>oom-kill</c>…</summary>
    public required string Result { get; init; }

    /// <summary>Null when no process runs.</summary>
    public int? MainPid { get; init; }

    /// <summary>Restarts by systemd since the last start by hand.</summary>
    public int Restarts { get; init; }

    /// <summary>How the last main process ended; null while none has.</summary>
    public string? Exit { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>
    /// The release that the main process was started with; null when it cannot be told. It comes from the process: the unit's own
    /// properties are those of its file as it is now, which may be newer than the process.
    /// </summary>
    public string? ReleaseId { get; init; }

    /// <summary>Its file is newer than what systemd has read of it.</summary>
    public bool NeedsReload { get; init; }

    public bool IsRunning => ActiveState == "active" && MainPid is not null;

    /// <summary>It ended, and systemd starts it again, or no more.</summary>
    public bool IsDown => SubState is "auto-restart" or "auto-restart-queued" or "failed" or "dead" || ActiveState is "failed" or "inactive";

    /// <summary>Reads the output of <c>systemctl show</c> for one or more units.</summary>
    public static IReadOnlyList<UnitStatus> Parse(string text) =>
        [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ParseOne)];

    private static UnitStatus ParseOne(string text)
    {
        var values = text.Split('\n').Select(l => l.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        string Get(string name) => values.GetValueOrDefault(name, "");
        int Number(string name) => int.TryParse(Get(name), CultureInfo.InvariantCulture, out var number) ? number : 0;

        // ExecMainCode has the values of siginfo's si_code: CLD_EXITED 1, CLD_KILLED 2, CLD_DUMPED 3.
        var (code, status) = (Number("ExecMainCode"), Number("ExecMainStatus"));
        return new()
        {
            Unit = Get("Id"),
            ActiveState = Get("ActiveState"),
            SubState = Get("SubState"),
            Result = Get("Result"),
            MainPid = Number("MainPID") is > 0 and var pid ? pid : null,
            Restarts = Number("NRestarts"),
            Exit = code switch
            {
                1 => $"exited with code {status}",
                2 or 3 => $"was killed by signal {status}{SignalName(status)}",
                _ => null,
            },
            ExitCode = code == 1 ? status : null,
            NeedsReload = Get("NeedDaemonReload") == "yes",
        };
    }

    private static string SignalName(int signal) => signal switch
    {
        4 => " (SIGILL)",
        6 => " (SIGABRT)",
        9 => " (SIGKILL)",
        11 => " (SIGSEGV)",
        15 => " (SIGTERM)",
        31 => " (SIGSYS)",
        _ => "",
    };
}
