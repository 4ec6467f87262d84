using VpsPilot.Agent.Units;

namespace VpsPilot.Agent.Edge;

/// <summary>The text of the edge's unit: Caddy as a user of its own, with the one capability to listen on low ports.</summary>
internal static class EdgeUnit
{
    public static string Render(string caddy, string configuration) =>
        $"""
        # Written by vpspilot-agent; changes are lost.
        [Unit]
        Description=VPS Pilot edge (Caddy)
        Documentation=https://caddyserver.com/docs/
        Wants=network-online.target
        After=network-online.target
        StartLimitIntervalSec=0

        [Service]
        Type=notify
        User={EdgePaths.User}
        Group={EdgePaths.User}
        ExecStart={caddy} run --config {configuration}
        Restart=always
        RestartSec=1
        TimeoutStopSec=15
        RuntimeDirectory=vpspilot-edge
        RuntimeDirectoryMode=0750
        StateDirectory=vpspilot-edge
        StateDirectoryMode=0700
        Environment=HOME={EdgePaths.State}
        Environment=XDG_DATA_HOME={EdgePaths.State}
        Environment=XDG_CONFIG_HOME={EdgePaths.State}
        LimitNOFILE=1048576
        # What serves comes before what builds.
        CPUWeight=1000
        IOWeight=1000
        OOMScoreAdjust=-400
        {Hardening.Lines}
        CapabilityBoundingSet=CAP_NET_BIND_SERVICE
        AmbientCapabilities=CAP_NET_BIND_SERVICE
        ProcSubset=pid
        RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
        MemoryDenyWriteExecute=yes
        SystemCallFilter=~@resources
        # A log that is rotated is given to its owner again.
        SystemCallFilter=@chown

        [Install]
        WantedBy=multi-user.target

        """;
}
