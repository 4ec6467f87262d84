using System.Text.RegularExpressions;
using VpsPilot.Infra.Tests.GitHub;

namespace VpsPilot.Infra.Tests.Docs;

/// <summary>The page of symptoms quotes what the product says.</summary>
public sealed partial class TroubleshootingTests
{
    [Fact]
    public void Every_message_on_it_is_one_of_the_product()
    {
        var sources = string.Concat(new[] { "agent", "functions", "server", "embedded", "contracts", "templates", "infra" }
            .SelectMany(f => Directory.EnumerateFiles(Yaml.PathOf(f), "*", SearchOption.AllDirectories))
            .Where(f => Path.GetExtension(f) is ".cs" or ".sh" or ".service" && !f.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText));
        var messages = Messages().ToList();

        messages.Count.ShouldBeGreaterThan(40);
        messages.Where(m => m.Split('…', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Any(part => !sources.Contains(part, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    /// <summary>Code in the first column that has a space: what is seen. Names of settings and states have none.</summary>
    private static IEnumerable<string> Messages() => File.ReadAllLines(Yaml.PathOf("docs/troubleshooting.md"))
        .Where(l => l.StartsWith("| ", StringComparison.Ordinal))
        .SelectMany(l => Code().Matches(l.Split(" | ")[0]))
        .Select(m => m.Groups["text"].Value).Where(t => t.Contains(' ', StringComparison.Ordinal));

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}
