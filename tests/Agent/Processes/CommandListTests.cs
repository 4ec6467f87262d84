using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Settings;

namespace VpsPilot.Agent.Tests.Processes;

public sealed class CommandListTests
{
    [Fact]
    public void Git_fetches_one_branch_into_the_one_ref_and_takes_no_option_from_the_url() =>
        GitCommands.Fetch("/m", "--upload-pack=evil", "main").ShouldBe(["--git-dir", "/m", "fetch", "--quiet", "--no-tags", "--force", "--", "--upload-pack=evil", "+refs/heads/main:refs/vpspilot/head"]);

    [Fact]
    public void Git_fetches_a_tag_by_its_full_name() =>
        GitCommands.Fetch("/m", "/srv/app.git", "refs/tags/v1").ShouldBe(["--git-dir", "/m", "fetch", "--quiet", "--no-tags", "--force", "--", "/srv/app.git", "+refs/tags/v1:refs/vpspilot/head"]);

    [Fact]
    public void Git_adds_a_work_tree_without_a_branch() =>
        GitCommands.AddWorktree("/m", "/t", "abc").ShouldBe(["--git-dir", "/m", "worktree", "add", "--quiet", "--force", "--detach", "/t", "abc"]);

    [Fact]
    public void Nix_builds_with_the_overrides_and_options_of_the_site()
    {
        var settings = new NixSettings
        {
            OverrideInputs = new Dictionary<string, string> { ["*"] = "path:/all", ["b"] = "github:x/y" },
            Substituters = ["https://a", "https://b"],
            TrustedPublicKeys = ["k"],
            Cores = 0,
            MaxJobs = 2,
        };
        NixCommands.Build("/f", "env", "/l", ["a", "b"], settings).ShouldBe(
        [
            "build", "--extra-experimental-features", "nix-command flakes", "path:/f#env", "--out-link", "/l", "--print-out-paths", "--print-build-logs",
            "--override-input", "a", "path:/all", "--override-input", "b", "github:x/y",
            "--option", "substituters", "https://a https://b", "--option", "trusted-public-keys", "k", "--option", "cores", "0", "--option", "max-jobs", "2",
        ]);
    }

    [Fact]
    public void Nix_without_settings_is_left_alone() =>
        NixCommands.Build("/f", "default", "/l", ["a"], new NixSettings()).ShouldBe(["build", "--extra-experimental-features", "nix-command flakes", "path:/f#default", "--out-link", "/l", "--print-out-paths", "--print-build-logs"]);

    [Fact]
    public void No_caches_is_not_the_same_as_the_default_caches() =>
        NixCommands.Build("/f", "default", "/l", [], new NixSettings { Substituters = [] }).TakeLast(3).ShouldBe(["--option", "substituters", ""]);

    [Fact]
    public void A_transient_unit_gets_its_command_unexpanded() =>
        SystemdCommands.Run("u", [("CPUWeight", "20")], ["/bin/bash", "-c", "echo $HOME $$"]).ShouldBe(
            ["--quiet", "--pipe", "--wait", "--collect", "--service-type=exec", "--unit=u", "--property=CPUWeight=20", "--", "/bin/bash", "-c", "echo $$HOME $$$$"]);

    [Fact]
    public void Several_units_are_shown_at_once() => SystemdCommands.Show(["A", "B"], "x", "y").ShouldBe(["show", "--property=A,B", "x", "y"]);

    [Fact]
    public void Generations_are_arguments_of_their_own() => NixCommands.DeleteGenerations("/p", [1, 3]).ShouldBe(["--profile", "/p", "--delete-generations", "1", "3"]);
}
