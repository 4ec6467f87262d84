using System.Text;
using CsCheck;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Templates.Tests;

public sealed class NixStringTests
{
    private static readonly Gen<string> Hostile = Gen.OneOf(
        Gen.String,
        Gen.OneOfConst("${", "''", "\"", "\\", "\n", "$", "$$", "}", "${builtins.abort \"x\"}", "'", "%", "\r", "\t", " ").List[0, 12].Select(parts => string.Concat(parts)))
        .Where(s => !s.Contains('\0'));

    [Fact]
    public void Reading_a_quoted_text_back_gives_the_text() => Hostile.Sample(text => Read(NixString.Quote(text)).ShouldBe(text), seed: "0000KOIPe036");

    [Fact]
    public void A_quoted_text_holds_no_open_interpolation_and_no_open_quote() => Hostile.Sample(
        text =>
        {
            var inside = NixString.Quote(text)[1..^1];
            for (var i = 0; i < inside.Length; i++)
            {
                if (inside[i] == '\\')
                {
                    i++;
                }
                else
                {
                    inside[i].ShouldNotBe('"');
                    inside[i].ShouldNotBe('$');
                }
            }
        },
        seed: "0000KOIPe036");

    [Fact]
    public void A_null_character_is_refused() => Should.Throw<ArgumentException>(() => NixString.Quote("a\0b"));

    /// <summary>The Nix manual's rules for double-quoted strings, read backwards.</summary>
    private static string Read(string literal)
    {
        var text = new StringBuilder();
        for (var i = 1; i < literal.Length - 1; i++)
        {
            text.Append(literal[i] != '\\' ? literal[i] : literal[++i] switch
            {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                var c => c,
            });
        }

        return text.ToString();
    }
}
