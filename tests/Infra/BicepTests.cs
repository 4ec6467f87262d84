using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace VpsPilot.Infra.Tests;

public sealed partial class BicepTests
{
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

    [Fact]
    public async Task The_app_has_the_rights_that_the_documentation_lists_and_no_others()
    {
        var template = await Template.Value;
        var given = RoleId().Matches(template.ToJsonString()).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
        var documented = RoleId().Matches(await File.ReadAllTextAsync(Path.Combine(Bicep.Folder, "../../docs/azure.md"))).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);

        given.ShouldBe(documented, ignoreOrder: true);
    }

    /// <summary>What a queue, a timer or an orchestration started has a result code that is no status of HTTP, or none.</summary>
    [Fact]
    public async Task The_alert_of_failures_counts_those_that_no_http_call_started() =>
        (await Template.Value).ToJsonString().ShouldContain("success == false and not(coalesce(tolong(resultCode), 0) between (100 .. 499))");

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

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.None, 1000)]
    private static partial Regex RoleId();
}
