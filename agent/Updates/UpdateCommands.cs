namespace VpsPilot.Agent.Updates;

/// <summary>Argument lists of an update.</summary>
internal static class UpdateCommands
{
    /// <summary>The agent's own unit.</summary>
    public const string Unit = "vpspilot-agent.service";

    /// <summary>Name of the unit, and of the timer, that puts the old agent back.</summary>
    public const string PutBackUnit = "vpspilot-agent-put-back";

    /// <summary>For <c>systemd-run</c>: the old binary puts itself back after so long, unless the timer is stopped (systemd-run(1), <c>--on-active</c>).</summary>
    public static IReadOnlyList<string> ArmPutBack(AgentUpdate update, TimeSpan after, string settingsFile) =>
    [
        "--quiet", "--collect", $"--unit={PutBackUnit}", $"--on-active={(long)after.TotalSeconds}s", "--timer-property=AccuracySec=1s", "--",
        update.Old, "put-back", "--settings", settingsFile,
    ];

    /// <summary>For <c>systemctl</c>: the timer has nothing more to do.</summary>
    public static IReadOnlyList<string> Disarm { get; } = ["stop", PutBackUnit + ".timer"];

    /// <summary>For <c>systemctl</c>: does not wait, since it ends the one who asks.</summary>
    public static IReadOnlyList<string> Restart { get; } = ["restart", "--no-block", Unit];

    /// <summary>For the new binary.</summary>
    public static IReadOnlyList<string> SelfCheck(string settingsFile) => ["self-check", "--settings", settingsFile];
}
