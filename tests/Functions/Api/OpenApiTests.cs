using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.OpenApi;

namespace VpsPilot.Functions.Tests.Api;

/// <summary>The OpenAPI document and the reference are in step with the code.</summary>
public sealed partial class OpenApiTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public void The_document_in_the_repository_is_the_one_that_the_code_makes()
    {
        var file = Path.Combine(Repository.Root, "docs/openapi.json");
        var made = OpenApiDocument.Write();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, made);
        }

        File.ReadAllText(file).ShouldBe(made, "The API changed: run this test with UPDATE_GOLDEN=1 and read the difference.");
    }

    [Fact]
    public void Every_route_of_the_API_is_below_api() =>
        OpenApiDocument.Functions().SelectMany(m => m.GetParameters()).Select(p => p.GetCustomAttribute<HttpTriggerAttribute>()?.Route)
            .Where(route => route?.StartsWith("api/", StringComparison.Ordinal) == false).ShouldBeEmpty();

    [Fact]
    public async Task It_is_served_to_everyone()
    {
        var served = await server.Anonymous.GetAsync("api/openapi.json").JsonAsync();

        ((string)served["openapi"]!).ShouldBe("3.1.0");
        served["paths"]!.AsObject().Count.ShouldBeGreaterThan(30);
    }

    [Fact]
    public void Every_function_says_what_it_does_and_every_reference_leads_somewhere()
    {
        OpenApiDocument.Functions().Where(m => m.GetCustomAttributes(typeof(ApiAttribute), false).Length == 0).Select(m => m.Name).ShouldBeEmpty();
        var document = JsonNode.Parse(OpenApiDocument.Write())!;
        var names = document["components"]!["schemas"]!.AsObject().Select(s => s.Key).ToHashSet();

        foreach (Match reference in References().Matches(document.ToJsonString()))
        {
            names.ShouldContain(reference.Groups["name"].Value);
        }

        document.ToJsonString().ShouldNotContain("\"$ref\":\"#/properties");
    }

    [Fact]
    public async Task What_the_API_answers_has_the_properties_that_the_document_names()
    {
        await using var agent = await server.AgentAsync("doc-1");
        await server.ProjectAsync("doc-shop", "doc-1");
        var schemas = JsonNode.Parse(OpenApiDocument.Write())!["components"]!["schemas"]!;

        foreach (var (path, schema) in ((string, string)[])[("api/nodes/doc-1", "NodeView"), ("api/projects/doc-shop", "ProjectView"), ("api/audit", "AuditEntryPage"), ("api/tokens", "TokenViewPage")])
        {
            var answer = (await server.Admin.GetAsync(path).JsonAsync()).AsObject();
            answer.Select(p => p.Key).ShouldBeSubsetOf(schemas[schema]!["properties"]!.AsObject().Select(p => p.Key), path);
        }
    }

    [Fact]
    public void Every_code_of_a_problem_is_in_the_reference()
    {
        var reference = File.ReadAllText(Path.Combine(Repository.Root, "docs/api.md"));
        var codes = Directory.EnumerateFiles(Path.Combine(Repository.Root, "functions"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(f => Codes().Matches(File.ReadAllText(f)).Select(m => m.Groups["what"].Success ? m.Groups["what"].Value + "-not-found" : m.Groups["code"].Value))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        codes.ShouldContain("idempotency-key-reused");
        codes.Count.ShouldBeGreaterThan(20);

        codes.Where(c => !reference.Contains($"`{c}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [GeneratedRegex("""#/components/schemas/(?<name>\w+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex References();

    [GeneratedRegex("""Answers\.NotFound\("(?<what>[a-z-]+)"|(?:Answers\.Problem\(\d+, |Answers\.Conflict\(|Code = )"(?<code>[a-z-]+)"|Conflict\("(?<code>[a-z-]+)""", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Codes();
}
