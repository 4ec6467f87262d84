using System.Text.RegularExpressions;
using VpsPilot.Dashboard.Tests.Stack;

namespace VpsPilot.Dashboard.Tests;

/// <summary>What is shipped: small, with nothing inline, and with nothing of another server.</summary>
public sealed partial class BuildOutputTests
{
    private const int MostGzippedBytes = 100 * 1024;

    private static readonly string Folder = Path.Combine(Repository.Functions, "wwwroot");

    [Fact]
    public void It_is_under_100_KB_gzipped_in_all()
    {
        var files = Directory.GetFiles(Folder, "*.gz", SearchOption.AllDirectories);
        files.Length.ShouldBeGreaterThanOrEqualTo(3);

        files.Sum(f => new FileInfo(f).Length).ShouldBeLessThan(MostGzippedBytes);
    }

    [Fact]
    public void Every_text_has_both_compressed_forms()
    {
        var plain = Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is ".html" or ".js" or ".css" or ".svg").ToList();
        plain.Count.ShouldBeGreaterThanOrEqualTo(4);

        plain.Where(f => !File.Exists(f + ".br") || !File.Exists(f + ".gz")).ShouldBeEmpty();
    }

    [Fact]
    public void The_page_has_nothing_inline_and_names_no_other_server()
    {
        var page = File.ReadAllText(Path.Combine(Folder, "index.html"));

        Scripts().Matches(page).Select(m => m.Value).ShouldAllBe(script => script.Contains("src=\"/assets/", StringComparison.Ordinal));
        page.ShouldNotContain("<style");
        page.ShouldNotContain("style=");
        page.ShouldNotContain("//");
    }

    [Fact]
    public void What_the_functions_host_reads_is_beside_it() =>
        new[] { "host.json", "config.schema.json" }.ShouldAllBe(file => File.Exists(Path.Combine(Repository.Functions, file)));

    [Fact]
    public void The_lock_file_names_no_registry() =>
        File.ReadAllText(Path.Combine(Repository.Dashboard, "package-lock.json")).ShouldNotContain("\"resolved\": \"http");

    [GeneratedRegex("<script[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Scripts();
}
