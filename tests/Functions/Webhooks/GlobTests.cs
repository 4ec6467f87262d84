using CsCheck;
using VpsPilot.Functions.Webhooks;

namespace VpsPilot.Functions.Tests.Webhooks;

public sealed class GlobTests
{
    [Theory]
    [InlineData("main", "main", true)]
    [InlineData("main", "main2", false)]
    [InlineData("release/*", "release/1", true)]
    [InlineData("release/*", "release/1/2", false)]
    [InlineData("release/**", "release/1/2", true)]
    [InlineData("**/*.md", "a.md", true)]
    [InlineData("**/*.md", "x/y/a.md", true)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**/b", "axb", false)]
    [InlineData("docs/", "docs/x/y", true)]
    [InlineData("docs/", "docs", false)]
    [InlineData("v?.?", "v1.2", true)]
    [InlineData("v?", "v/", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("a+(b)", "a+(b)", true)]
    [InlineData("a*", "a\nb", true)]
    [InlineData("*", "", true)]
    public void A_pattern_matches_the_whole_text(string pattern, string text, bool matches) => Glob.IsMatch(pattern, text).ShouldBe(matches);

    [Fact]
    public void The_last_pattern_that_matches_decides()
    {
        Glob.IsSelected(["a/**", "!a/b/**", "a/b/c"], "a/b/c").ShouldBeTrue();
        Glob.IsSelected(["a/**", "!a/b/**"], "a/b/c").ShouldBeFalse();
        Glob.IsSelected(["!docs/"], "src/x").ShouldBeTrue();
        Glob.IsSelected(["!docs/"], "docs/x").ShouldBeFalse();
    }

    /// <summary>Against the plain recursive definition, over a small alphabet where wildcards meet often.</summary>
    [Fact]
    public void Any_pattern_matches_as_its_definition_says() =>
        Gen.Select(Gen.Char["ab/*?."].Array[0, 8], Gen.Char["ab/."].Array[0, 8], (p, t) => (Pattern: new string(p), Text: new string(t)))
            .Where(x => !x.Pattern.EndsWith('/'))
            .Sample(x => Glob.IsMatch(x.Pattern, x.Text).ShouldBe(Defined(x.Pattern, 0, x.Text, 0), $"{x.Pattern} on {x.Text}"), iter: 20_000);

    [Fact]
    public void A_pattern_made_to_be_slow_is_not()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();

        Glob.IsMatch(string.Concat(Enumerable.Repeat("**a", 80)) + "b", new string('a', 4000)).ShouldBeFalse();

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20), "backtracking would take longer than anyone waits");
    }

    private static bool Defined(string p, int i, string t, int j)
    {
        if (i == p.Length)
        {
            return j == t.Length;
        }

        var rest = p.AsSpan(i);
        if (rest.StartsWith("**/") && (i == 0 || p[i - 1] == '/'))
        {
            return Defined(p, i + 3, t, j) || Enumerable.Range(j, t.Length - j).Any(k => t[k] == '/' && Defined(p, i + 3, t, k + 1));
        }

        if (rest.StartsWith("**"))
        {
            return Enumerable.Range(j, t.Length - j + 1).Any(k => Defined(p, i + 2, t, k));
        }

        if (p[i] == '*')
        {
            return Enumerable.Range(j, t.Length - j + 1).TakeWhile(k => !t[j..k].Contains('/', StringComparison.Ordinal)).Any(k => Defined(p, i + 1, t, k));
        }

        return j < t.Length && (p[i] == '?' ? t[j] != '/' : p[i] == t[j]) && Defined(p, i + 1, t, j + 1);
    }
}
