namespace VpsPilot.Contracts.Events;

/// <summary>Codes of alerts. They are stable: the control plane tells of some with more urgency than of others.</summary>
public static class AlertCodes
{
    /// <summary>The last backup was put back, with its data: what came after it is gone.</summary>
    public const string RestoredFromBackup = "restored-from-backup";

    /// <summary>The last backup could not be put back.</summary>
    public const string RestoreFailed = "restore-failed";

    /// <summary>A command was refused, since it is not signed or cannot be read.</summary>
    public const string CommandRefused = "command-refused";

    /// <summary>Does it need a person now?</summary>
    public static bool IsEmergency(string code) => code is RestoredFromBackup or RestoreFailed;
}
