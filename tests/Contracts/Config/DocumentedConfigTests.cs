using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Contracts.Tests.Config;

/// <summary>Every config in the documentation is one.</summary>
public sealed partial class DocumentedConfigTests
{
    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Root("docs/types"), "*.md").Append(Root("README.md")).Select(f => Path.GetRelativePath(Root(""), f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_has_valid_configs(string page)
    {
        var configs = Block().Matches(File.ReadAllText(Root(page))).Select(m => m.Groups["json"].Value).Where(j => j.Contains("\"type\"", StringComparison.Ordinal)).ToList();

        configs.Count.ShouldBeGreaterThanOrEqualTo(2);
        foreach (var config in configs)
            ConfigParser.Parse(config).Failure.ShouldBeNull(config);
    }

    [Fact]
    public void Every_type_has_a_page() => Enum.GetValues<ProjectType>().ShouldAllBe(t => File.Exists(Root($"docs/types/{t.ToString().ToLowerInvariant()}.md")));

    [Fact]
    public void Every_page_of_a_type_has_the_smallest_config_and_a_full_one_of_that_type()
    {
        foreach (var type in Enum.GetValues<ProjectType>())
        {
            var parts = File.ReadAllText(Root($"docs/types/{type.ToString().ToLowerInvariant()}.md")).Split("\n## ");
            foreach (var heading in new[] { "The smallest config\n", "A full one\n" })
                ConfigParser.Parse(Block().Match(parts.Single(p => p.StartsWith(heading, StringComparison.Ordinal))).Groups["json"].Value).Config.ShouldNotBeNull().Type.ShouldBe(type);
        }
    }

    private static string Root(string path, [CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../..", path));

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Block();
}
