using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace VpsPilot.Infra.Tests;

public sealed partial class BicepTests
{
    /// <summary>What <c>uniqueString()</c> gives: 13 letters and digits.</summary>
    private const string Token = "abcdefghijk12";

    private static readonly Lazy<Task<JsonObject>> Template = new(Bicep.CompileAsync);

    [Fact]
    public async Task Every_file_is_linted_without_a_word()
    {
        var (code, output, errors) = await Bicep.RunAsync("lint", "--pattern", Path.Combine(Bicep.Folder, "**/*.bicep"));

        (output + errors).Trim().ShouldBe("");
        code.ShouldBe(0);
    }

    [Fact]
    public async Task Every_file_is_formatted()
    {
        var before = Bicep.Files.ToDictionary(f => Path.GetRelativePath(Bicep.Folder, f), File.ReadAllText, StringComparer.Ordinal);
        var copy = Directory.CreateTempSubdirectory("bicep-");
        foreach (var (file, text) in before)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy.FullName, file))!);
            await File.WriteAllTextAsync(Path.Combine(copy.FullName, file), text);
        }

        var (code, _, errors) = await Bicep.RunAsync("format", "--pattern", Path.Combine(copy.FullName, "**/*.bicep"));

        code.ShouldBe(0, errors);
        foreach (var (file, text) in before)
            (await File.ReadAllTextAsync(Path.Combine(copy.FullName, file))).ShouldBe(text, file);
        copy.Delete(recursive: true);
    }

    /// <remarks>Source: Azure documentation, "Naming rules and restrictions for Azure resources".</remarks>
    [Theory]
    [InlineData("storage", "^[a-z0-9]{3,24}$")]
    [InlineData("keyvault", "^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$")]
    [InlineData("servicebus", "^[a-zA-Z](?!.*(-sb|-mgmt)$)[a-zA-Z0-9-]{4,48}[a-zA-Z0-9]$")]
    [InlineData("functions", "^[a-zA-Z0-9][a-zA-Z0-9-]{0,58}[a-zA-Z0-9]$")]
    [InlineData("identity", "^[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$")]
    public async Task A_name_is_within_the_limits_of_its_service(string module, string rule)
    {
        var template = await Template.Value;

        var name = (string)template["resources"]!.AsArray().Single(r => (string)r!["name"]! == module)!["properties"]!["parameters"]!["name"]!["value"]!;

        Regex.IsMatch(Resolve(name), rule, RegexOptions.None, TimeSpan.FromSeconds(1)).ShouldBeTrue(Resolve(name));
    }

    [Fact]
    public async Task The_app_has_the_rights_that_the_documentation_lists_and_no_others()
    {
        var template = await Template.Value;
        var given = RoleId().Matches(template.ToJsonString()).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
        var documented = RoleId().Matches(await File.ReadAllTextAsync(Path.Combine(Bicep.Folder, "../../docs/azure.md"))).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);

        given.ShouldBe(documented, ignoreOrder: true);
    }

    [Fact]
    public async Task Nothing_is_reached_by_a_key()
    {
        var text = (await Template.Value).ToJsonString();

        text.ShouldNotContain("listKeys");
        text.ShouldContain("\"allowSharedKeyAccess\":false");
        text.ShouldContain("\"enableRbacAuthorization\":true");
        text.ShouldContain("\"enablePurgeProtection\":true");
        text.ShouldContain("\"DisableLocalAuth\":true");
    }

    private static string Resolve(string expression)
    {
        var match = Format().Match(expression);
        return match.Success ? match.Groups["format"].Value.Replace("{0}", Token, StringComparison.Ordinal) : expression;
    }

    [GeneratedRegex(@"^\[format\('(?<format>[^']*)', variables\('token'\)\)\]$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Format();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.None, 1000)]
    private static partial Regex RoleId();
}
