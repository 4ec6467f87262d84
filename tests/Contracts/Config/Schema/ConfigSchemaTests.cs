using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NJsonSchema;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Contracts.Tests.Config.Schema;

public sealed class ConfigSchemaTests
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };
    private static readonly JsonObject Generated = ConfigSchema.Generate();
    private static readonly JsonSchema Schema = JsonSchema.FromJsonAsync(Generated.ToJsonString()).GetAwaiter().GetResult();

    public static TheoryData<string> Samples => [.. Directory.EnumerateFiles(Root("samples"), ConfigParser.FileName, SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Root("samples"), f)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Numbers => [.. Limits.Paths];

    [Fact]
    public void The_schema_in_the_documentation_is_in_step_with_the_model() => InStep("docs/config.schema.json", Generated.ToJsonString(Format) + "\n");

    [Fact]
    public void The_reference_in_the_documentation_is_in_step_with_the_schema()
    {
        var page = ConfigReference.Write(Generated);

        InStep("docs/config-reference.md", page);
        foreach (var (path, _) in ConfigSchema.Keys(Generated))
            page.ShouldContain($"| `{path[2..]}` |");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_config_of_a_sample_is_valid(string sample)
    {
        var text = File.ReadAllText(Path.Combine(Root("samples"), sample));

        ConfigParser.Parse(text).Failure.ShouldBeNull();
        Valid(text).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{ "type": "nodejs", "biuld": {} }""")]
    [InlineData("""{ "type": "cobol" }""")]
    [InlineData("""{ "start": { "command": 5 } }""")]
    [InlineData("""{ "deployment": { "keep_releases": 0 } }""")]
    [InlineData("""{ "deployment": { "watch": "soon" } }""")]
    [InlineData("""{ "deployment": { "health_check": { "path": "/", "tcp": true } } }""")]
    [InlineData("""{ "processes": { "worker": {} } }""")]
    [InlineData("""{ "resources": { "memory_max": "lots" } }""")]
    [InlineData("""{ "runtime": { "cobol": "85" } }""")]
    [InlineData("""[]""")]
    public void What_the_parser_refuses_the_schema_refuses(string text)
    {
        ConfigParser.Parse(text).Failure.ShouldNotBeNull();
        Valid(text).ShouldBeFalse();
    }

    [Theory]
    [InlineData("536870912")]
    [InlineData("512M")]
    [InlineData("512m")]
    [InlineData("512MB")]
    [InlineData("1.5GiB")]
    [InlineData("100B")]
    public void A_size_that_the_parser_takes_the_schema_takes(string size)
    {
        var text = $$"""{ "resources": { "memory_max": "{{size}}" } }""";

        ConfigParser.Parse(text).Failure.ShouldBeNull();
        Valid(text).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void The_limits_of_a_number_are_those_of_the_parser(string path)
    {
        var (min, max) = Limits.Of(path)!.Value;

        foreach (var (value, fits) in new[] { (min, true), (max, true), (min - 1, false), (max + 1, false) })
        {
            var text = Nest(path, value);
            (ConfigParser.Parse(text).Failure is null).ShouldBe(fits, text);
            Valid(text).ShouldBe(fits, text);
        }
    }

    [Fact]
    public void Every_key_of_the_schema_is_one_the_parser_knows()
    {
        foreach (var (path, _) in ConfigSchema.Keys(Generated))
        {
            var problems = ConfigParser.Parse(Nest(path[2..].Insert(0, "/").Replace('.', '/'), new JsonArray(new JsonObject()))).Failure?.Problems ?? [];
            problems.ShouldNotContain(p => p.Message.StartsWith("Unknown key", StringComparison.Ordinal), path);
        }
    }

    [Fact]
    public void Every_key_the_parser_knows_is_one_of_the_schema()
    {
        // The parser names the keys it knows to whoever writes another.
        var groups = ConfigSchema.Keys(Generated).Where(k => k.Schema["properties"] is not null && k.Path != "$.runtime").Select(k => (k.Path, Names: k.Schema["properties"]!.AsObject().Select(p => p.Key))).Append(("$", Generated["properties"]!.AsObject().Select(p => p.Key)));
        foreach (var (path, names) in groups)
        {
            var text = Nest((path + ".zzzzzzzzzzzzzzzzzzzz")[2..].Insert(0, "/").Replace('.', '/'), 1);
            var known = ConfigParser.Parse(text).Failure.ShouldNotBeNull().Problems.Single().Message["Unknown key. Known here: ".Length..].TrimEnd('.').Split(", ");
            known.ShouldBe(names, ignoreOrder: true, path);
        }
    }

    [Fact]
    public void Defaults_are_those_of_the_parser()
    {
        foreach (var (path, schema) in ConfigSchema.Keys(Generated).Where(k => k.Schema["default"] is not null))
        {
            var given = ConfigParser.Parse(Nest(path[2..].Insert(0, "/").Replace('.', '/'), schema["default"]!.DeepClone())).Config.ShouldNotBeNull(path);
            JsonSerializer.Serialize(given, ConfigJson.Default.ProjectConfig).ShouldBe(JsonSerializer.Serialize(ConfigParser.Parse("{}").Config!, ConfigJson.Default.ProjectConfig), path);
        }
    }

    private static void InStep(string page, string text)
    {
        var file = Root(page);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(file, text);

        File.ReadAllText(file).ShouldBe(text, "Run this test with UPDATE_GOLDEN=1 and read the difference.");
    }

    private static bool Valid(string text)
    {
        return Schema.Validate(text).Count == 0;
    }

    private static string Nest(string path, JsonNode value)
    {
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            value = new JsonObject { [name] = value };
        return value.ToJsonString();
    }

    private static string Root(string path, [CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../..", path));
}
