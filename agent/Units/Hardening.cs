namespace VpsPilot.Agent.Units;

/// <summary>What every unit the agent writes is denied, projects and edge alike. A directive that a host cannot enforce is ignored by systemd.</summary>
internal static class Hardening
{
    /// <summary>Lines of a <c>[Service]</c> section, without a newline at the end; a unit's own lines follow, for they may take back parts of these.</summary>
    public const string Lines =
        """
        NoNewPrivileges=yes
        ProtectSystem=strict
        ProtectHome=yes
        PrivateTmp=yes
        PrivateDevices=yes
        DevicePolicy=closed
        ProtectKernelTunables=yes
        ProtectKernelModules=yes
        ProtectKernelLogs=yes
        ProtectControlGroups=yes
        ProtectClock=yes
        ProtectHostname=yes
        ProtectProc=invisible
        RestrictSUIDSGID=yes
        RestrictRealtime=yes
        RestrictNamespaces=yes
        LockPersonality=yes
        RemoveIPC=yes
        KeyringMode=private
        SystemCallArchitectures=native
        SystemCallFilter=@system-service
        SystemCallFilter=~@privileged
        SystemCallErrorNumber=EPERM
        LimitCORE=0
        UMask=0027
        """;
}
