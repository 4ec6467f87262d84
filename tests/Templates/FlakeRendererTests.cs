using System.Runtime.CompilerServices;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Templates.Tests;

public sealed class FlakeRendererTests
{
    public static TheoryData<string> Names => [.. FlakeCases.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_flake_is_as_its_golden_file(string name) => ShouldMatchGolden(FlakeCases.Render(name, FlakeCases.All.Single(c => c.Name == name).Json).Text, name + ".nix");

    [Fact]
    public void Each_template_has_three_variations_or_more()
    {
        var counts = FlakeCases.All.GroupBy(c => c.Name.Split('-')[0], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);

        counts.Keys.Order(StringComparer.Ordinal).ShouldBe(["custom", "django", "go", "laravel", "nodejs", "python", "ruby", "static"]);
        counts.Values.ShouldAllBe(count => count >= 3);
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

        failure.Message.ShouldContain("neighbours are 18 and 20");
        failure.Hint.ShouldNotBeNull().ShouldContain("\"node\": \"20\"");
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
