using CsCheck;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Templates.Tests;

public sealed class ShellStringTests
{
    private static readonly Gen<string> Hostile =
        Gen.OneOfConst("${", "''", "'", "\"", "\\", "\n", "\r", "$", "$(touch /tmp/pwned)", "`id`", "%", "%s", ";", "&", "|", "*", "~", "!", "#", "\t", " ", "é", "x").List[0, 16].Select(parts => string.Concat(parts));

    [Fact]
    public async Task A_real_shell_reads_each_quoted_text_as_one_word_that_is_the_text()
    {
        // One shell for all of them: the end of each is marked by what no text can hold.
        var texts = new List<string>();
        Hostile.Sample(texts.Add, iter: 300, threads: 1, seed: "0000KOIPe036");

        var read = await Shell.RunAsync($"printf '%s\\0' {string.Join(' ', texts.Select(ShellString.Quote))}", "/");

        read.Split('\0')[..^1].ShouldBe(texts);
    }
}
