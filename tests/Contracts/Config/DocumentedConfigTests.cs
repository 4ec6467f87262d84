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

    private static string Root(string path, [CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../..", path));

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Block();
}
