using VpsPilot.Contracts.Config;

namespace VpsPilot.Contracts.Tests.Config;

public sealed class ConfigParserTests
{
    [Fact]
    public void The_smallest_config_has_the_documented_defaults()
    {
        var config = ConfigParser.Parse("""{ "type": "nodejs" }""").Config.ShouldNotBeNull();

        config.Root.ShouldBe(".");
        config.Build.Commands.ShouldBeNull();
        config.Deployment.Watch.ShouldBe(TimeSpan.FromSeconds(60));
        config.Deployment.KeepReleases.ShouldBe(5);
        config.Deployment.HealthCheck.Retries.ShouldBe(15);
        config.Resources.Restart.ShouldBe("always");
        config.Logs.File.ShouldBeTrue();
    }

    [Fact]
    public void Every_key_is_read()
    {
        var config = ConfigParser.Parse("""
            {
              // a comment
              "$schema": "https://example.com/schema.json",
              "name": "shop", "type": "static", "root": "apps/web", "runtime": { "nodejs": "20" },
              "build": { "commands": ["a", "b"], "timeout": "20m", "output": "dist" }, "test": { "commands": ["t"], "timeout": 90 },
              "release": { "commands": ["r"] }, "start": { "command": "s" }, "env": { "A": "{{B}}", "N": 5, "T": true }, "persist": ["uploads"],
              "deployment": { "health_check": { "path": "/up", "expect_status": 204, "interval": "250ms", "timeout": "1s", "retries": 3 }, "watch": "2m", "keep_releases": 3 },
              "resources": { "memory_max": "512M", "memory_high": "1.5G", "cpu_quota": 150, "open_files": 1024, "tasks_max": 64, "restart": "on-failure", "restart_delay": 5 },
              "logs": { "file": false }, "nix": { "packages": ["jq"], "allow_insecure": true },
            }
            """).Config.ShouldNotBeNull();

        config.Name.ShouldBe("shop");
        config.Type.ShouldBe(ProjectType.Static);
        config.Root.ShouldBe("apps/web");
        config.Runtime.ShouldBe(new Dictionary<string, string> { ["node"] = "20" });
        config.Build.ShouldBe(new BuildConfig { Commands = config.Build.Commands, Timeout = TimeSpan.FromMinutes(20), Output = "dist" });
        config.Build.Commands.ShouldBe(["a", "b"]);
        config.Test.Timeout.ShouldBe(TimeSpan.FromSeconds(90));
        config.Release.Commands.ShouldBe(["r"]);
        config.Start.Command.ShouldBe("s");
        config.Env.ShouldBe(new Dictionary<string, string> { ["A"] = "{{B}}", ["N"] = "5", ["T"] = "true" });
        config.Persist.ShouldBe(["uploads"]);
        config.Deployment.HealthCheck.ShouldBe(new HealthCheckConfig { Path = "/up", ExpectStatus = 204, Interval = TimeSpan.FromMilliseconds(250), Timeout = TimeSpan.FromSeconds(1), Retries = 3 });
        config.Deployment.Watch.ShouldBe(TimeSpan.FromMinutes(2));
        config.Deployment.KeepReleases.ShouldBe(3);
        config.Resources.ShouldBe(new ResourcesConfig { MemoryMax = 536870912, MemoryHigh = 1610612736, CpuQuota = 150, OpenFiles = 1024, TasksMax = 64, Restart = "on-failure", RestartDelay = TimeSpan.FromSeconds(5) });
        config.Logs.File.ShouldBeFalse();
        config.Nix.Packages.ShouldBe(["jq"]);
        config.Nix.AllowInsecure.ShouldBeTrue();
    }

    [Fact]
    public void All_mistakes_are_reported_at_once_with_path_and_line()
    {
        var failure = ConfigParser.Parse("""
            {
              "type": "nodjs",
              "biuld": {},
              "deployment": { "keep_releases": 0, "helth_check": {} },
              "env": { "1A": "x" },
              "build": { "commands": ["ok", "", 5] },
              "root": "../elsewhere"
            }
            """).Failure.ShouldNotBeNull();

        failure.Step.ShouldBe(Stages.Configure);
        failure.Kind.ShouldBe(FailureKind.Rejected);
        failure.Message.ShouldNotContain("\n");
        failure.Problems.Select(p => (p.Path, p.Line)).ShouldBe(
            [("$.type", 2), ("$.biuld", 3), ("$.deployment.keep_releases", 4), ("$.deployment.helth_check", 4), ("$.env.1A", 5), ("$.build.commands[1]", 6), ("$.build.commands[2]", 6), ("$.root", 7)], ignoreOrder: true);
        failure.Problems.Single(p => p.Path == "$.type").Message.ShouldContain("did you mean \"nodejs\"?");
        failure.Problems.Single(p => p.Path == "$.biuld").Message.ShouldContain("did you mean \"build\"?");
        failure.Problems.Single(p => p.Path == "$.deployment.helth_check").Message.ShouldContain("did you mean \"health_check\"?");
    }

    [Theory]
    [InlineData("", "$")]
    [InlineData("[]", "$")]
    [InlineData("{ \"type\": \"nodejs\" ", "$")]
    [InlineData("{ \"type\": \"nodejs\" } {}", "$")]
    [InlineData("{ \"type\": \"php\" }", "$.type")]
    [InlineData("""{ "type": "nodejs", "type": "static" }""", "$.type")]
    public void A_malformed_document_is_one_clear_failure(string text, string path) =>
        ConfigParser.Parse(text).Failure.ShouldNotBeNull().Problems.ShouldContain(p => p.Path == path);

    [Fact]
    public void Deep_nesting_and_great_size_are_refused()
    {
        ConfigParser.Parse(string.Concat(Enumerable.Repeat("{\"a\":", 5000))).Failure.ShouldNotBeNull();
        ConfigParser.Parse(new string(' ', 1024 * 1024 + 1)).Failure.ShouldNotBeNull().Message.ShouldContain("bytes");
    }

    [Fact]
    public void Missing_secrets_are_all_named_and_nothing_is_replaced()
    {
        var env = new Dictionary<string, string> { ["A"] = "x{{ONE}}y{{TWO}}", ["B"] = "{{ ONE }}", ["C"] = "{{THREE}}" };

        var resolved = Placeholders.Resolve(env, new Dictionary<string, string> { ["TWO"] = "2" }, out var failure);

        resolved.ShouldBeEmpty();
        failure.ShouldNotBeNull().Message.ShouldBe("2 secrets are not set: ONE, THREE.");
        failure.Problems.Select(p => p.Path).ShouldBe(["$.env.A", "$.env.B", "$.env.C"]);
    }

    [Fact]
    public void Placeholders_are_replaced_by_their_secrets_as_they_are() =>
        Placeholders.Resolve(new Dictionary<string, string> { ["A"] = "x{{ONE}}{{TWO}}" }, new Dictionary<string, string> { ["ONE"] = "{{TWO}}", ["TWO"] = "$1" }, out _)["A"].ShouldBe("x{{TWO}}$1");
}
