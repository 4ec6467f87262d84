using System.Text;
using VpsPilot.Agent.Settings;

namespace VpsPilot.Agent.Tests.Settings;

public sealed class SettingsFileTests
{
    [Fact]
    public void A_missing_file_gives_the_defaults()
    {
        var (settings, problems) = SettingsFile.Load("/nowhere/agent.json");
        problems.ShouldBeEmpty();
        settings.ShouldNotBeNull().Root.ShouldBe("/opt/vpspilot");
        settings.Heartbeat.ShouldBe(TimeSpan.FromSeconds(15));
        settings.Ports.ShouldBe(new PortRange(21000, 21999));
        settings.Nix.Substituters.ShouldBeNull();
    }

    [Fact]
    public void Every_setting_is_read()
    {
        var settings = Read("""
            {
              // comments are allowed
              "root": "/srv/vps/", "stateDirectory": "/var/lib/x", "profileDirectory": "/nix/p", "unitDirectory": "/run/units", "heartbeatSeconds": 5,
              "overrideInputs": { "*": "path:/np", "nixpkgs-25_11": "github:a/b" }, "substituters": [], "trustedPublicKeys": ["k:1"], "cores": 2, "maxJobs": 1,
              "ports": { "from": 3000, "to": 3001 },
              "build": { "cpuWeight": 50, "ioWeight": 10, "memoryMax": "2G", "tasksMax": 100, "timeout": "90s" },
              "disk": { "minFree": "3G" }, "logs": { "maxSize": "8M", "keep": 2 }, "update": { "reportWithin": "30s" },
            }
            """).Settings.ShouldNotBeNull();
        settings.Root.ShouldBe("/srv/vps");
        settings.StateDirectory.ShouldBe("/var/lib/x");
        settings.ProfileDirectory.ShouldBe("/nix/p");
        settings.UnitDirectory.ShouldBe("/run/units");
        settings.Heartbeat.ShouldBe(TimeSpan.FromSeconds(5));
        settings.Nix.OverrideInputs.ShouldBe(new Dictionary<string, string> { ["*"] = "path:/np", ["nixpkgs-25_11"] = "github:a/b" }, ignoreOrder: true);
        settings.Nix.Substituters.ShouldNotBeNull().ShouldBeEmpty();
        settings.Nix.TrustedPublicKeys.ShouldBe(["k:1"]);
        (settings.Nix.Cores, settings.Nix.MaxJobs).ShouldBe((2, 1));
        settings.Ports.ShouldBe(new PortRange(3000, 3001));
        settings.Build.ShouldBe(new BuildSettings { CpuWeight = 50, IoWeight = 10, MemoryMax = 2L << 30, TasksMax = 100, Timeout = TimeSpan.FromSeconds(90) });
        settings.Disk.MinFree.ShouldBe(3L << 30);
        settings.Logs.ShouldBe(new LogSettings { MaxSize = 8L << 20, Keep = 2 });
        settings.Update.ReportWithin.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void All_mistakes_are_named_at_once()
    {
        var (settings, problems) = Read("""{ "root": "opt", "heartbeatSeconds": 0, "ports": { "from": 9000, "to": 8000, "x": 1 }, "build": { "memoryMax": "2X", "timeout": "0s" }, "substituters": "all", "nope": true }""");
        settings.ShouldBeNull();
        problems.Select(p => p.Path).ShouldBe(["$.root", "$.heartbeatSeconds", "$.substituters", "$.ports", "$.ports.x", "$.build.memoryMax", "$.build.timeout", "$.nope"], ignoreOrder: true);
        problems.Single(p => p.Path == "$.nope").Message.ShouldContain("known are");
    }

    [Theory]
    [InlineData("[]", "must be an object")]
    [InlineData("{", "is not JSON")]
    [InlineData("""{ "root": "/a", "root": "/b" }""", "is given twice")]
    [InlineData("""{ "root": 5 }""", "must be a text")]
    [InlineData("""{ "overrideInputs": { "a": 1 } }""", "must be an object of texts")]
    public void A_wrong_document_says_what_is_wrong(string json, string message) => Read(json).Problems.ShouldHaveSingleItem().Message.ShouldContain(message);

    private static SettingsResult Read(string json) => SettingsFile.Parse(Encoding.UTF8.GetBytes(json));
}
