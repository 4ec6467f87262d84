using VpsPilot.Agent.Settings;

namespace VpsPilot.Agent.Builds;

/// <summary>
/// What holds build and test commands, which anyone who can push may write: they see the source, their own HOME, the Nix store and the network,
/// and none of the doors to root that a node may have. Properties of systemd.exec(5).
/// </summary>
internal static class BuildConfinement
{
    /// <summary>Sockets through which a user may become more; a dash: it may be missing.</summary>
    private static readonly string[] Doors =
    [
        "-/run/docker.sock", "-/run/docker", "-/run/containerd", "-/run/podman", "-/run/crio", "-/run/lxd.socket", "-/run/incus", "-/run/libvirt",
        "-/run/systemd/private", "-/run/dbus", "-/run/snapd.socket", "-/nix/var/nix/daemon-socket",
    ];

    public static IReadOnlyList<(string Name, string Value)> Properties(AgentSettings settings, BuildWorkspace workspace) =>
    [
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("PrivateTmp", "yes"),
        ("PrivateDevices", "yes"),
        ("ProtectHome", "yes"),
        ("ProtectSystem", "strict"),
        ("ReadWritePaths", workspace.Source),
        ("ReadWritePaths", workspace.Home),
        .. Doors.Concat(Hidden(settings)).Select(p => ("InaccessiblePaths", p)),
        ("ProtectProc", "invisible"),
        ("ProtectKernelTunables", "yes"),
        ("ProtectKernelModules", "yes"),
        ("ProtectKernelLogs", "yes"),
        ("ProtectControlGroups", "yes"),
        ("ProtectClock", "yes"),
        ("RestrictNamespaces", "yes"),
        ("RestrictRealtime", "yes"),
        ("RestrictSUIDSGID", "yes"),
        ("LockPersonality", "yes"),
        ("SystemCallFilter", "~@clock @cpu-emulation @module @mount @obsolete @raw-io @reboot @swap"),
        ("SystemCallErrorNumber", "EPERM"),
        ("LimitCORE", "0"),
        ("UMask", "0022"),
    ];

    private static IEnumerable<string> Hidden(AgentSettings settings) =>
        new[] { settings.StateDirectory, Path.Combine(settings.Root, "projects"), Path.Combine(settings.Root, "backups"), Path.Combine(settings.Root, "logs"), "/etc/vpspilot" }.Select(p => "-" + p);
}
