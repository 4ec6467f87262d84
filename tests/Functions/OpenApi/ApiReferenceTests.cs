using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VpsPilot.Functions.OpenApi;

namespace VpsPilot.Functions.Tests.OpenApi;

/// <summary>The API reference is in step with the OpenAPI document, and its links lead somewhere.</summary>
public sealed partial class ApiReferenceTests
{
    private static readonly JsonNode Document = JsonNode.Parse(OpenApiDocument.Write())!;

    [Fact]
    public void The_page_in_the_repository_is_the_one_that_the_document_makes()
    {
        var page = ApiReference.Write(Document);
        var file = Page();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, page);
        }

        File.ReadAllText(file).ShouldBe(page, "Run this test with UPDATE_GOLDEN=1 and read the difference.");
    }

    [Fact]
    public void Every_call_is_on_it_and_every_link_leads_to_a_shape()
    {
        var page = File.ReadAllText(Page());
        foreach (var (path, verbs) in Document["paths"]!.AsObject())
        {
            foreach (var (verb, _) in verbs!.AsObject())
            {
                page.ShouldContain($"`{verb.ToUpperInvariant()} {path}`");
            }
        }

        var titles = Titles().Matches(page).Select(m => m.Groups["name"].Value.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        var links = Links().Matches(page).Select(m => m.Groups["name"].Value).Distinct().ToList();
        links.Count.ShouldBeGreaterThan(30);
        links.ShouldBeSubsetOf(titles);
    }

    private static string Page([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../../docs/api-reference.md"));

    [GeneratedRegex(@"^## (?<name>\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Titles();

    [GeneratedRegex(@"\]\(#(?<name>\w+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Links();
}
