namespace VpsPilot.Agent.Processes;

/// <summary>Argument lists of systemctl and systemd-run.</summary>
internal static class SystemdCommands
{
    public static IReadOnlyList<string> DaemonReload { get; } = ["daemon-reload"];

    /// <summary>Prints the state of the whole system; exit code 0 for <c>running</c> alone.</summary>
    public static IReadOnlyList<string> IsSystemRunning { get; } = ["is-system-running"];

    /// <summary>Prints the failed units, one a line, its name first.</summary>
    public static IReadOnlyList<string> ListFailed { get; } = ["list-units", "--state=failed", "--plain", "--no-legend", "--no-pager"];

    public static IReadOnlyList<string> Restart(string unit) => ["restart", unit];

    public static IReadOnlyList<string> Start(string unit) => ["start", unit];

    public static IReadOnlyList<string> Stop(params IEnumerable<string> units) => ["stop", .. units];

    public static IReadOnlyList<string> Disable(IEnumerable<string> units) => ["disable", "--quiet", .. units];

    public static IReadOnlyList<string> ResetFailed(params IEnumerable<string> units) => ["reset-failed", .. units];

    /// <summary>Kills every process of the units, at once.</summary>
    public static IReadOnlyList<string> Kill(string pattern) => ["kill", "--signal=SIGKILL", "--kill-whom=all", pattern];

    /// <summary>Prints properties as <c>Name=value</c>, one unit after the other with an empty line between.</summary>
    public static IReadOnlyList<string> Show(IEnumerable<string> properties, params IEnumerable<string> units) =>
        ["show", $"--property={string.Join(',', properties)}", .. units];

    /// <summary>Runs a program as a unit of its own, with its output here, and waits for its end.</summary>
    /// <param name="unit">Name of the unit.</param>
    /// <param name="properties">Its properties.</param>
    /// <param name="command">Program and arguments.</param>
    public static IReadOnlyList<string> Run(string unit, IEnumerable<(string Name, string Value)> properties, IEnumerable<string> command) =>
    [
        "--quiet", "--pipe", "--wait", "--collect", "--service-type=exec", $"--unit={unit}",
        .. properties.Select(p => $"--property={p.Name}={p.Value}"), "--",
        // systemd expands $NAME in the arguments of services; the command is to get them as they stand.
        .. command.Select(c => c.Replace("$", "$$", StringComparison.Ordinal)),
    ];
}
