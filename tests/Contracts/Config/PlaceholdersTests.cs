using VpsPilot.Contracts.Config;

namespace VpsPilot.Contracts.Tests.Config;

public sealed class PlaceholdersTests
{
    [Theory]
    [InlineData("plain", "plain", "")]
    [InlineData("{{PW}}", "hush", "hush")]
    [InlineData("postgres://u:{{PW}}@h/db", "postgres://u:hush@h/db", "postgres://u:hush@h/db|hush")]
    [InlineData("{{USER}}:{{ PW }}@h", "ann:hush@h", "ann:hush@h|ann|hush")]
    [InlineData("{{A}}:{{B}}", "a:b:c", "a:b:c|a|b:c|a:b|c")]
    [InlineData("{{A}}{{A}}", "xyxy", "xyxy|")]
    [InlineData("x{{A}}y", "edited", "edited|dite")]
    [InlineData("longer than that {{A}} x", "short", "short")]
    public void What_is_secret_in_a_value_is_all_of_it_and_each_placeholders_part(string template, string value, string parts) =>
        Placeholders.SecretsIn(template, value).ShouldBe(parts.Length == 0 ? [] : parts.Split('|'), ignoreOrder: true);

    [Fact]
    public void What_resolve_puts_in_is_found_again()
    {
        var env = new Dictionary<string, string> { ["URL"] = "amqps://{{USER}}:{{PW}}@queue/{{VHOST}}?x=1" };
        var secrets = new Dictionary<string, string> { ["USER"] = "shop", ["PW"] = "hush-hush", ["VHOST"] = "v" };
        var value = Placeholders.Resolve(env, secrets, out _)["URL"];
        Placeholders.SecretsIn(env["URL"], value).ShouldBe(["shop", "hush-hush", "v", value], ignoreOrder: true);
    }
}
