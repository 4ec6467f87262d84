namespace VpsPilot.Contracts.Config.Parsing;

/// <summary>"Did you mean …?"</summary>
internal static class Similar
{
    /// <summary>The closest of the words, if it is close enough to be a slip of the keyboard; null otherwise.</summary>
    public static string? To(string word, IEnumerable<string> words) =>
        word.Length > 64 ? null : words.Select(w => (Word: w, Distance: Distance(word, w))).Where(w => w.Distance <= Math.Max(1, w.Word.Length / 3)).OrderBy(w => w.Distance).Select(w => w.Word).FirstOrDefault();

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                var same = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + same);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
