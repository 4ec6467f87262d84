using NJsonSchema;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Contracts.Tests.Config.Schema;

/// <summary>An editor that goes by the schema and a node that goes by the parser say the same of a value.</summary>
public sealed class AgreementTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromJsonAsync(ConfigSchema.Generate().ToJsonString()).GetAwaiter().GetResult();

    [Theory]
    [InlineData("""{"name": %}""", """ "shop" "Shop-2" """, """ "" "a b" "a_b" "a\nb" null 5 "0123456789012345678901234567890123456789012345678901234567890123" """)]
    [InlineData("""{"root": %}""", """ "." "a" "a/b" "a..b" "..a" """, """ "/a" ".." "../a" "a/../b" "a\\b" "a\tb" null """)]
    [InlineData("""{"build": {"output": %}}""", """ "dist" "a/b/" """, """ "/dist" "dist/.." """)]
    [InlineData("""{"build": {"commands": [%]}}""", """ "make" "a\nb" " x" """, """ "" " " "\n" 5 null """)]
    [InlineData("""{"build": {"timeout": %}}""", """ 30 1.5 "30" "90s" "1.5m" "1h" "1000ms" """, """ "1." ".5s" "s" "1 s" "-1s" "+1s" "" true null -1 """)]
    [InlineData("""{"persist": [%]}""", """ "uploads" "conf.d/" "a/b.db" ".env" """, """ "." "./" "/a" "a//b" "a/./b" "../a" "a\\b" " " """)]
    [InlineData("""{"processes": {%: "x"}}""", """ "worker" "a-b_2" """, """ "web" "blue" "green" "Worker" "2a" "" "a b" "a234567890123456789012345678901" """)]
    [InlineData("""{"commands": {%: "x"}}""", """ "console" """, """ "web" "Console" """)]
    [InlineData("""{"processes": {"worker": %}}""", """ "x" {"command":"x"} """, """ "" "a\nb" {} 5 null """)]
    [InlineData("""{"env": {%: "x"}}""", """ "A" "_a1" """, """ "1A" "A-B" "" "A.B" """)]
    [InlineData("""{"env": {"A": %}}""", """ "" "x" 1 1.5 true """, """ null [] {} """)]
    [InlineData("""{"domains": [%]}""", """ "shop.example.org" "a.b" """, """ "shop" "Shop.org" "a b.org" "1.2.3.4" "https://a.b" "" """)]
    [InlineData("""{"deployment": {"health_check": {"path": %}}}""", """ "/" "/up?x=1" """, """ "up" "/a b" "" """)]
    [InlineData("""{"nix": {"packages": [%]}}""", """ "jq" "php84Extensions.redis" "_7zz" """, """ "7zip" "a b" "a..b" "" "a." """)]
    [InlineData("""{"nix": {"flake_file": %}}""", """ "flake.nix" "nix/flake.nix" """, """ "flake.txt" "../flake.nix" "/flake.nix" "myflake.nix" """)]
    [InlineData("""{"php": {"extensions": [%]}}""", """ "redis" "pdo_pgsql" """, """ "Redis" "a-b" "" """)]
    [InlineData("""{"resources": {"memory_max": %}}""", """ 1 "1" "512M" "1.5G" "2GiB" "100B" """, """ 0 "0" "0M" "0.0" "1." ".5G" "5X" null """)]
    [InlineData("""{"edge": {"port": %}}""", """ 1 65535 """, """ 0 65536 1.5 "80" null """)]
    [InlineData("""{"start": {"command": %}}""", """ "node ." """, """ "" "a\nb" null 5 """)]
    public void The_parser_and_the_schema_agree(string config, string good, string bad)
    {
        foreach (var (values, fits) in new[] { (good, true), (bad, false) })
        {
            foreach (var value in Values(values))
            {
                var text = config.Replace("%", value, StringComparison.Ordinal);
                (ConfigParser.Parse(text).Failure is null).ShouldBe(fits, $"parser: {text}");
                (Schema.Validate(text).Count == 0).ShouldBe(fits, $"schema: {text}");
            }
        }
    }

    /// <summary>JSON values one after the other.</summary>
    private static List<string> Values(string text)
    {
        using var list = System.Text.Json.JsonDocument.Parse($"[{System.Text.RegularExpressions.Regex.Replace(text.Trim(), "(?<value>\"[^\"]*\"|\\{[^}]*\\}|[^\\s]+)\\s*", "${value},", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))}]", new() { AllowTrailingCommas = true });
        return [.. list.RootElement.EnumerateArray().Select(v => v.GetRawText())];
    }
}
