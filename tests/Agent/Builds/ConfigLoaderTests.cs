using VpsPilot.Agent.Builds;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Tests.Builds;

public sealed class ConfigLoaderTests : IDisposable
{
    private static readonly Dictionary<string, string> NoValues = [];

    private readonly TempFolder folder = new();

    [Fact]
    public void A_commit_without_a_config_is_refused_with_a_beginning() =>
        Load().Failure.ShouldNotBeNull().ShouldSatisfyAllConditions(f => f.Step.ShouldBe(Stages.Configure), f => f.Kind.ShouldBe(FailureKind.Rejected), f => f.Hint.ShouldNotBeNull());

    [Fact]
    public void Defaults_of_the_type_are_filled_in_and_placeholders_replaced()
    {
        Write("config.vpspilot.json", """{ "type": "nodejs", "env": { "URL": "db://{{PASSWORD}}@x" } }""");
        Write("package.json", "{}");
        Write("package-lock.json", "{}");
        var resolved = Load(("PASSWORD", "pw")).Value.ShouldNotBeNull();
        resolved.Environment.ShouldBe(new Dictionary<string, string> { ["URL"] = "db://pw@x" });
        resolved.Config.Build.Commands.ShouldNotBeNull().ShouldContain("npm ci");
        resolved.Config.Env["URL"].ShouldBe("db://{{PASSWORD}}@x");
    }

    [Fact]
    public void Every_missing_secret_is_named()
    {
        Write("config.vpspilot.json", """{ "type": "nodejs", "start": { "command": "node ." }, "env": { "A": "{{ONE}}{{TWO}}", "B": "{{THREE}}" } }""");
        var failure = Load(("TWO", "x")).Failure.ShouldNotBeNull();
        failure.Step.ShouldBe(Stages.Configure);
        failure.Problems.Select(p => p.Path).ShouldBe(["$.env.A", "$.env.B"]);
        failure.Message.ShouldContain("ONE");
        failure.Message.ShouldContain("THREE");
    }

    [Fact]
    public void What_the_files_the_secrets_and_the_runtimes_lack_is_told_at_once()
    {
        Write("config.vpspilot.json", """{ "type": "python", "runtime": { "python": "2.1", "node": "3" }, "env": { "A": "{{ONE}}" } }""");
        var failure = Load().Failure.ShouldNotBeNull();
        failure.Step.ShouldBe(Stages.Configure);
        failure.Problems.Select(p => p.Path).ShouldBe(["$.start.command", "$.runtime.node", "$.runtime.python", "$.env.A"]);
        failure.Problems.ShouldAllBe(p => p.Line == 1);
        failure.Message.ShouldContain("ONE");
        failure.Message.ShouldContain("2.1");
    }

    [Fact]
    public void Every_mistake_is_told_at_once_with_its_line_whatever_kind_it_is()
    {
        Write("config.vpspilot.json", """
            {
              "type": "python",
              "runtime": {
                "python": "2.1"
              },
              "env": {
                "A": "{{ONE}}",
                "1B": "x"
              },
              "watch": "60s",
              "nix": { "flake_file": "flake.nx" }
            }
            """);
        var failure = Load().Failure.ShouldNotBeNull();
        failure.Problems.Select(p => (p.Path, p.Line)).ShouldBe([("$.start.command", 1), ("$.runtime.python", 4), ("$.env.A", 7), ("$.env.1B", 8), ("$.watch", 10), ("$.nix.flake_file", 11)]);
        failure.Message.ShouldStartWith("config.vpspilot.json has 3 mistakes: ");
    }

    [Fact]
    public void What_a_mistake_makes_doubtful_is_not_complained_of_again()
    {
        Write("config.vpspilot.json", """{ "type": "pyton", "rot": "x", "runtime": { "php": 8.0 }, "nix": { "allow_insecure": "yes" } }""");
        Load().Failure.ShouldNotBeNull().Problems.Select(p => p.Path).ShouldBe(["$.type", "$.nix.allow_insecure", "$.rot"], ignoreOrder: true);
        Write("config.vpspilot.json", """{ "type": "python", "strat": { "command": "x" } }""");
        Load().Failure.ShouldNotBeNull().Problems.ShouldHaveSingleItem().Path.ShouldBe("$.strat");
        Write("config.vpspilot.json", """{ "type": "nodejs", "root": "web", "runtime": { "node": "3" }, "env": { "A": "{{ONE}}" } }""");
        Load().Failure.ShouldNotBeNull().Problems.Select(p => p.Path).ShouldBe(["$.root", "$.runtime.node", "$.env.A"]);
        Write("config.vpspilot.json", """{ "runtime": { "node": "3" } }""");
        Load().Failure.ShouldNotBeNull().Problems.Select(p => p.Path).ShouldBe(["$.type", "$.runtime.node"]);
    }

    [Fact]
    public void A_mistake_in_the_config_of_a_monorepos_project_names_that_file()
    {
        Directory.CreateDirectory(folder["api"]);
        Write("api/config.vpspilot.json", """{ "tpye": "nodejs" }""");
        var failure = ConfigLoader.Load(folder.Path, NoValues, "api/config.vpspilot.json").Failure.ShouldNotBeNull();
        failure.Message.ShouldStartWith("api/config.vpspilot.json has a mistake");
        failure.Hint.ShouldBe("Correct api/config.vpspilot.json and push again.");
    }

    [Fact]
    public void A_root_that_is_not_in_the_commit_is_refused()
    {
        Write("config.vpspilot.json", """{ "type": "nodejs", "root": "web" }""");
        Load().Failure.ShouldNotBeNull().Problems.ShouldHaveSingleItem().Path.ShouldBe("$.root");
    }

    [Fact]
    public void A_project_of_a_monorepo_has_its_own_config()
    {
        Directory.CreateDirectory(folder["api"]);
        Write("config.vpspilot.json", """{ "type": "static" }""");
        Write("api/config.vpspilot.json", """{ "type": "nodejs", "root": "api", "start": { "command": "node ." } }""");

        var resolved = ConfigLoader.Load(folder.Path, NoValues, "api/config.vpspilot.json").Value.ShouldNotBeNull();

        resolved.Config.Root.ShouldBe("api");
    }

    [Fact]
    public void A_config_of_a_project_that_is_not_in_the_commit_is_named() =>
        ConfigLoader.Load(folder.Path, NoValues, "api/config.vpspilot.json").Failure.ShouldNotBeNull().ShouldSatisfyAllConditions(
            f => f.Message.ShouldContain("api/config.vpspilot.json"), f => f.Hint.ShouldNotBeNull().ShouldContain("configFile"));

    [Fact]
    public void A_config_file_outside_the_tree_is_refused() =>
        ConfigLoader.Load(folder.Path, NoValues, "../config.json").Failure.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Rejected);

    [Theory]
    [InlineData("config.vpspilot.json", "/etc/hostname")]
    [InlineData("web", "/etc")]
    public void A_link_out_of_the_tree_is_not_followed(string name, string target)
    {
        if (name == "web")
            Write("config.vpspilot.json", """{ "type": "static", "root": "web" }""");
        File.CreateSymbolicLink(folder[name], target);
        Load().Failure.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Rejected);
    }

    public void Dispose() => folder.Dispose();

    private void Write(string name, string text) => File.WriteAllText(folder[name], text);

    private VpsPilot.Agent.Hosting.Result<ResolvedConfig> Load(params (string Name, string Value)[] values) => ConfigLoader.Load(folder.Path, values.ToDictionary(v => v.Name, v => v.Value));
}
