using System.Runtime.CompilerServices;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Defaults;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Templates.Tests;

public sealed class FlakeRendererTests
{
    private const string AppPath = "/nix/store/00000000000000000000000000000000-source";

    [Theory]
    [InlineData("nodejs-environment", """{ "type": "nodejs", "runtime": { "node": "20" } }""", false)]
    [InlineData("nodejs-app", """{ "type": "nodejs", "runtime": { "node": "20" }, "start": { "command": "node server.js" } }""", true)]
    [InlineData("nodejs-monorepo-packages", """{ "type": "nodejs", "root": "apps/it's $HOME", "runtime": { "node": "18", "php": "8.2" }, "nix": { "packages": ["imagemagick", "python311Packages.pip"] } }""", true)]
    [InlineData("static-plain", """{ "type": "static", "build": { "output": "site" } }""", true)]
    [InlineData("static-environment", """{ "type": "static" }""", false)]
    [InlineData("laravel-app", """{ "type": "laravel", "runtime": { "php": "8.4" } }""", true)]
    [InlineData("go-app", """{ "type": "go", "runtime": { "go": "1.24" } }""", true)]
    [InlineData("static-built-by-node", """{ "type": "static", "runtime": { "node": "22" }, "build": { "output": "dist" }, "start": { "command": "caddy run --config \"${HOME}/''it's\"" } }""", true)]
    public void A_flake_is_as_its_golden_file(string name, string json, bool withApp)
    {
        var config = ConfigParser.Parse(json).Config.ShouldNotBeNull();

        var flake = FlakeRenderer.Render(new FlakeRequest("shop", ProjectDefaults.Apply(config, [], out _)) { AppStorePath = withApp ? AppPath : null }).Flake.ShouldNotBeNull();

        ShouldMatchGolden(flake.Text, name + ".nix");
    }

    [Fact]
    public void The_nixpkgs_inputs_are_named_so_that_a_site_can_override_them()
    {
        var config = ConfigParser.Parse("""{ "type": "nodejs", "runtime": { "node": "20", "php": "8.2" } }""").Config!;

        FlakeRenderer.Render(new FlakeRequest("shop", config)).Flake!.NixpkgsInputs.ShouldBe(["nixpkgs-25_11", "nixpkgs-26_05"]);
    }

    [Fact]
    public void An_unknown_version_names_the_supported_ones()
    {
        var config = ConfigParser.Parse("""{ "type": "nodejs", "runtime": { "node": "19" } }""").Config!;

        var failure = FlakeRenderer.Render(new FlakeRequest("shop", config)).Failure.ShouldNotBeNull();

        failure.Message.ShouldContain("18, 20");
        failure.Hint.ShouldNotBeNull().ShouldContain("\"node\": \"18\"");
        failure.Problems.ShouldHaveSingleItem().Path.ShouldBe("$.runtime.node");
    }

    private static void ShouldMatchGolden(string actual, string file, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "Golden", file);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual);
        }

        actual.ShouldBe(File.ReadAllText(path));
    }
}
