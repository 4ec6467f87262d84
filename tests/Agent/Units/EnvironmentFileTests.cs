using CsCheck;
using VpsPilot.Agent.Units;

namespace VpsPilot.Agent.Tests.Units;

public sealed class EnvironmentFileTests
{
    [Fact]
    public void Values_are_quoted_and_escaped_as_systemd_reads_them() =>
        EnvironmentFile.Render(new Dictionary<string, string> { ["B"] = "it's \"50%\" $HOME `x` \\", ["A"] = "two\n\tlines " })
            .ShouldBe("A=\"two\n\tlines \"\nB=\"it's \\\"50%\\\" \\$HOME \\`x\\` \\\\\"\n");

    [Fact]
    public void What_was_written_is_read_back() =>
        Gen.Dictionary(Gen.OneOfConst("A", "B_1", "LONG_NAME", "X"), Gen.OneOfConst("\\", "\"", "$", "`", "\n", "=", "=\"", "a", "ü", " ", "%", "'").Array[0, 12].Select(string.Concat))[0, 4]
            .Sample(variables => EnvironmentFile.Parse(EnvironmentFile.Render(variables)).OrderBy(v => v.Key).ShouldBe(variables.OrderBy(v => v.Key)), seed: "0000KeCFbhj4", iter: 500);

    [Theory]
    [InlineData("PORT", true)]
    [InlineData("VPSPILOT_RELEASE", true)]
    [InlineData("PORTS", false)]
    public void Some_names_are_the_agents_own(string name, bool reserved) => EnvironmentFile.IsReserved(name).ShouldBe(reserved);
}
