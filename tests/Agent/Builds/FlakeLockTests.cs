using VpsPilot.Agent.Builds;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Tests.Builds;

public sealed class FlakeLockTests
{
    private static readonly NixpkgsPin Old = new(new string('a', 40), "sha256-" + new string('A', 43) + "=", 1700000000);
    private static readonly NixpkgsPin New = new(new string('b', 40), "sha256-" + new string('B', 43) + "=", 1760000000);

    [Fact]
    public void What_is_written_is_read_back_and_other_inputs_are_left_out()
    {
        var both = Of(("nixpkgs-25_11", Old), ("nixpkgs-26_05", New));

        var problems = new List<Problem>();
        var read = FlakeLock.Read(both.Render(["nixpkgs-25_11", "own/nixpkgs"]), "flake.lock", problems);

        problems.ShouldBeEmpty();
        read.Pins.ShouldBe(new Dictionary<string, NixpkgsPin> { ["nixpkgs-25_11"] = Old });
    }

    [Fact]
    public void A_lock_as_Nix_writes_it_is_read_and_its_other_nodes_are_passed_over()
    {
        var problems = new List<Problem>();
        var read = FlakeLock.Read($$"""
            {
              "nodes": {
                "app": { "flake": false, "locked": { "narHash": "sha256-x", "path": "/nix/store/x-source", "type": "path" }, "original": { "path": "/nix/store/x-source", "type": "path" } },
                "nixpkgs-25_11": {
                  "locked": { "lastModified": 1700000000, "narHash": "{{Old.NarHash}}", "owner": "NixOS", "repo": "nixpkgs", "rev": "{{Old.Revision}}", "type": "github" },
                  "original": { "owner": "NixOS", "ref": "nixos-25.11", "repo": "nixpkgs", "type": "github" }
                },
                "root": { "inputs": { "app": "app", "nixpkgs-25_11": "nixpkgs-25_11" } }
              },
              "root": "root",
              "version": 7
            }
            """, "flake.lock", problems);

        problems.ShouldBeEmpty();
        read.Pins.ShouldBe(new Dictionary<string, NixpkgsPin> { ["nixpkgs-25_11"] = Old });
    }

    [Theory]
    [InlineData("""{ "type": "path", "path": "/root/.ssh" }""")]
    [InlineData("""{ "type": "github", "owner": "somebody", "repo": "nixpkgs", "rev": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "narHash": "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }""")]
    [InlineData("""{ "type": "github", "owner": "NixOS", "repo": "nixpkgs", "host": "example.org", "rev": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "narHash": "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }""")]
    [InlineData("""{ "type": "github", "owner": "NixOS", "repo": "nixpkgs", "rev": "../../etc", "narHash": "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }""")]
    [InlineData("null")]
    public void A_pin_of_anything_but_nixpkgs_is_refused(string locked)
    {
        var problems = new List<Problem>();

        FlakeLock.Read("{ \"nodes\": {\n\"nixpkgs-26_05\": {\n\"locked\": " + locked + " } } }", "vpspilot.flake.lock", problems).Pins.ShouldBeEmpty();

        problems.ShouldHaveSingleItem().ShouldSatisfyAllConditions(p => p.Path.ShouldBe("$.nodes.nixpkgs-26_05.locked"), p => p.Line.ShouldBe(3));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("not a lock")]
    public void What_is_no_lock_is_one_clear_problem(string text)
    {
        var problems = new List<Problem>();

        FlakeLock.Read(text, "vpspilot.flake.lock", problems).Pins.ShouldBeEmpty();

        problems.ShouldHaveSingleItem().Message.ShouldContain("vpspilot.flake.lock");
    }

    [Fact]
    public void An_environment_is_kept_while_it_agrees_with_what_is_wanted()
    {
        Of(("nixpkgs-25_11", Old)).Agrees(Of(("nixpkgs-25_11", Old), ("nixpkgs-26_05", New)), ["nixpkgs-25_11", "nixpkgs-26_05"]).ShouldBeTrue();
        FlakeLock.Empty.Agrees(Of(("nixpkgs-25_11", Old)), ["nixpkgs-25_11"]).ShouldBeTrue();
        Of(("nixpkgs-25_11", New)).Agrees(Of(("nixpkgs-25_11", Old)), ["nixpkgs-25_11"]).ShouldBeFalse();
        Of(("nixpkgs-25_11", New)).Agrees(FlakeLock.Empty, ["nixpkgs-25_11"]).ShouldBeFalse();
        Of(("nixpkgs-25_11", New)).Agrees(FlakeLock.Empty, ["nixpkgs-26_05"]).ShouldBeTrue();
    }

    [Fact]
    public void A_project_keeps_the_pins_of_inputs_that_it_does_not_have_now() =>
        Of(("nixpkgs-25_11", Old), ("nixpkgs-24_11", Old)).With(Of(("nixpkgs-25_11", New))).Pins.ShouldBe(new Dictionary<string, NixpkgsPin> { ["nixpkgs-25_11"] = New, ["nixpkgs-24_11"] = Old }, ignoreOrder: true);

    private static FlakeLock Of(params (string Input, NixpkgsPin Pin)[] pins) => new(pins.ToDictionary(p => p.Input, p => p.Pin, StringComparer.Ordinal));
}
