using CliWrap;

namespace VpsPilot.Testbed.Tests;

public sealed class TestVpsTests
{
    [VpsFact]
    public async Task Systemd_is_pid_1_and_no_unit_fails()
    {
        await using var vps = await TestVps.BootAsync("boot");

        (await vps.ExecAsync("cat", "/proc/1/comm")).OrThrow().ShouldBe("systemd");
        (await vps.ExecAsync("systemctl", "is-system-running")).OrThrow().ShouldBe("running");
        (await vps.ExecAsync("systemctl", "list-units", "--failed", "--no-legend")).OrThrow().ShouldBeEmpty();
        (await vps.ExecAsync("hostname")).OrThrow().ShouldBe(vps.Name);
    }

    [VpsFact]
    public async Task Input_outputs_and_exit_code_of_a_command_pass_through()
    {
        await using var vps = await TestVps.BootAsync("exec");

        var result = await vps.ExecAsync(["sh", "-c", "cat; echo problem >&2; exit 41", "a b"], input: "from outside\n");

        result.ShouldBe(new VpsResult(41, "from outside", "problem"));
        (await vps.ExecAsync("printf", "%s|", "a b", "$HOME", "'", "")).Output.ShouldBe("a b|$HOME|'||");
        (await vps.ExecAsync("no-such-program")).ExitCode.ShouldBe(127);
    }

    [VpsFact]
    public async Task A_command_past_its_limit_is_killed_inside_too()
    {
        await using var vps = await TestVps.BootAsync("limit");

        await Should.ThrowAsync<TimeoutException>(vps.ExecAsync(["sleep", "987"], input: null, TimeSpan.FromSeconds(1)));

        (await vps.ExecAsync("pgrep", "-f", "^sleep 987")).ExitCode.ShouldBe(1);
    }

    [VpsFact]
    public async Task A_killed_vps_boots_again_with_its_disk_and_none_of_its_processes()
    {
        await using var vps = await TestVps.BootAsync("kill");
        (await vps.ExecAsync("systemd-run", "--unit=lost", "sleep", "600")).OrThrow();
        (await vps.ExecAsync("sh", "-c", "echo kept > /var/lib/kept")).OrThrow();
        var machineId = (await vps.ExecAsync("cat", "/etc/machine-id")).OrThrow();

        await vps.KillAsync();
        (await vps.ExecAsync("true")).ExitCode.ShouldNotBe(0);
        await vps.RestartAsync();

        (await vps.ExecAsync("cat", "/var/lib/kept")).OrThrow().ShouldBe("kept");
        (await vps.ExecAsync("systemctl", "is-active", "lost")).Output.ShouldBe("inactive");
        (await vps.ExecAsync("cat", "/etc/machine-id")).OrThrow().ShouldBe(machineId);
    }

    [VpsFact]
    public async Task An_enabled_unit_is_stopped_in_order_and_starts_with_the_next_boot()
    {
        await using var vps = await TestVps.BootAsync("stop");
        const string unit = """
            [Service]
            ExecStart=sleep infinity
            ExecStop=touch /var/lib/stopped
            [Install]
            WantedBy=multi-user.target
            """;
        (await vps.ExecAsync(["tee", "/etc/systemd/system/kept.service"], unit)).OrThrow();
        (await vps.ExecAsync("systemctl", "enable", "--now", "kept")).OrThrow();

        await vps.StopAsync();
        await vps.RestartAsync();

        (await vps.ExecAsync("systemctl", "is-active", "kept")).OrThrow().ShouldBe("active");
        (await vps.ExecAsync("test", "-f", "/var/lib/stopped")).ExitCode.ShouldBe(0);
    }

    [VpsFact]
    public async Task A_vps_that_reboots_itself_comes_back_with_its_network()
    {
        await using var vps = await TestVps.BootAsync("reboot", new TestVpsOptions { PrivateNetwork = true });
        (await vps.ExecAsync("touch", "/run/before")).OrThrow();

        await vps.ExecAsync("systemctl", "--no-block", "reboot"); // it may be gone before it can answer
        await vps.RestartAsync();

        (await vps.ExecAsync("test", "-e", "/run/before")).ExitCode.ShouldBe(1);
        (await vps.ExecAsync("ping", "-c", "1", "-W", "1", "testbed-host")).OrThrow();
    }

    [VpsFact]
    public async Task Two_vpses_do_not_see_each_others_units_disks_or_deaths()
    {
        await using var one = await TestVps.BootAsync("one");
        await using var two = await TestVps.BootAsync("two");
        (await one.ExecAsync("systemd-run", "--unit=same", "sleep", "600")).OrThrow();
        (await two.ExecAsync("systemctl", "is-active", "same")).Output.ShouldBe("inactive");
        (await two.ExecAsync("systemd-run", "--unit=same", "sleep", "600")).OrThrow();
        (await one.ExecAsync("touch", "/var/lib/mine")).OrThrow();

        await one.KillAsync();

        (await two.ExecAsync("systemctl", "is-active", "same")).OrThrow().ShouldBe("active");
        (await two.ExecAsync("test", "-e", "/var/lib/mine")).ExitCode.ShouldBe(1);
    }

    [VpsFact]
    public async Task A_cut_link_loses_packets_until_it_is_plugged_in()
    {
        await using var vps = await TestVps.BootAsync("link", new TestVpsOptions { PrivateNetwork = true });
        string[] ping = ["ping", "-c", "1", "-W", "1", "testbed-host"];
        vps.HostAddress.ShouldStartWith("10.213.");
        (await vps.ExecAsync(ping)).ExitCode.ShouldBe(0);

        await vps.SetLinkAsync(up: false);
        (await vps.ExecAsync(ping)).ExitCode.ShouldBe(1);

        await vps.SetLinkAsync(up: true);
        (await vps.ExecAsync(ping)).OrThrow();
    }

    [VpsFact]
    public async Task Files_folders_and_shared_folders_arrive()
    {
        var shared = Directory.CreateTempSubdirectory("vpspilot-bind-");
        try
        {
            await Cli.Wrap("install").WithArguments(["-m", "500", "/dev/stdin", Path.Combine(shared.FullName, "script")])
                .WithStandardInputPipe(PipeSource.FromString("#!/bin/sh\necho ran\n"))
                .ExecuteAsync();
            await using var vps = await TestVps.BootAsync("copy", new TestVpsOptions
            {
                Binds = new Dictionary<string, string>(StringComparer.Ordinal) { [shared.FullName] = "/srv/shared" },
            });

            await vps.CopyAsync(Path.Combine(shared.FullName, "script"), "/usr/local/bin/");
            await vps.CopyAsync(shared.FullName, "/var/lib/deep/folder");

            (await vps.ExecAsync("script")).OrThrow().ShouldBe("ran");
            (await vps.ExecAsync("stat", "-c", "%a %U", "/var/lib/deep/folder/script", "/usr/local/bin/script")).OrThrow().ShouldBe("500 root\n500 root");
            (await vps.ExecAsync("/srv/shared/script")).OrThrow().ShouldBe("ran");
            await Should.ThrowAsync<InvalidOperationException>(vps.CopyAsync("/no/such/file", "/root/"));
        }
        finally
        {
            shared.Delete(recursive: true);
        }
    }
}
