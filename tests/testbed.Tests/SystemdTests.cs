namespace VpsPilot.Testbed.Tests;

/// <summary>What the product's units rely on.</summary>
public sealed class SystemdTests
{
    private static readonly string[] Hardening =
    [
        "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes", "PrivateUsers=yes",
        "ProtectKernelTunables=yes", "ProtectKernelModules=yes", "ProtectKernelLogs=yes", "ProtectControlGroups=yes", "ProtectClock=yes",
        "ProtectHostname=yes", "ProtectProc=invisible", "ProcSubset=pid", "RestrictNamespaces=yes", "RestrictSUIDSGID=yes",
        "RestrictRealtime=yes", "LockPersonality=yes", "RemoveIPC=yes", "PrivateIPC=yes", "SystemCallFilter=@system-service",
        "SystemCallArchitectures=native", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX", "CapabilityBoundingSet=", "UMask=0077",
        "DynamicUser=yes", "StateDirectory=hardened",
    ];

    [VpsFact]
    public async Task A_hardened_unit_runs_and_is_kept_from_what_it_may_not()
    {
        await using var vps = await TestVps.BootAsync("hardened");
        const string probe = "touch /etc/x 2>/dev/null && echo wrote-etc; ls /root 2>/dev/null && echo saw-root; touch /tmp/x $STATE_DIRECTORY/x && id -u";

        var output = (await vps.ExecAsync(["systemd-run", "--wait", "--pipe", "--quiet", .. Hardening.SelectMany(static p => new[] { "-p", p }), "sh", "-c", probe])).OrThrow();

        int.Parse(output).ShouldBeInRange(61184, 65519); // systemd's range for dynamic users
        (await vps.ExecAsync("test", "-e", "/tmp/x")).ExitCode.ShouldBe(1);
    }

    [VpsFact]
    public async Task Limits_are_set_on_scopes_and_units()
    {
        await using var vps = await TestVps.BootAsync("limits");
        string[] limits = ["-p", "MemoryMax=300M", "-p", "CPUWeight=20", "-p", "CPUQuota=50%", "-p", "IOWeight=30", "-p", "TasksMax=99"];
        string[] show = ["systemctl", "show", "limited.scope", "-p", "MemoryMax", "-p", "CPUWeight", "-p", "CPUQuotaPerSecUSec", "-p", "IOWeight", "-p", "TasksMax"];

        var output = (await vps.ExecAsync(["systemd-run", "--scope", "--quiet", "--unit=limited", .. limits, .. show])).OrThrow();

        output.Split('\n').ShouldBe(["CPUWeight=20", "CPUQuotaPerSecUSec=500ms", "IOWeight=30", "MemoryMax=314572800", "TasksMax=99"], ignoreOrder: true);
    }

    [VpsFact]
    public async Task Stopping_a_scope_ends_all_of_its_processes()
    {
        await using var vps = await TestVps.BootAsync("scope");
        var running = vps.ExecAsync("systemd-run", "--scope", "--quiet", "--unit=build", "sh", "-c", "setsid sleep 876 & setsid sleep 876 & sleep 876");
        await WaitAsync(async () => (await vps.ExecAsync("pgrep", "-fc", "^sleep 876")).Output == "3");

        (await vps.ExecAsync("systemctl", "kill", "--signal=KILL", "build.scope")).OrThrow();

        (await running).ExitCode.ShouldNotBe(0);
        await WaitAsync(async () => (await vps.ExecAsync("pgrep", "-f", "^sleep 876")).ExitCode == 1);
    }

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
            await Task.Delay(50, limit.Token);
    }
}
