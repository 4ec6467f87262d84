using Spectre.Console;

namespace VpsPilot.Cli.Output;

/// <summary>A cell of a table.</summary>
internal readonly record struct Cell(string Text, Style Style)
{
    public static implicit operator Cell(string? text) => new(text is null or "" ? "-" : text, Style.Plain);

    /// <summary>A state, in its colour.</summary>
    public static Cell State(string state) => new(state, Styles.Of(state));
}

/// <summary>Rows under headings, in columns as wide as their longest text. A row is one line, in a terminal too, so that it can be cut and searched.</summary>
internal sealed class TextTable(params string[] headings)
{
    private const string Gap = "  ";

    private readonly List<Cell[]> rows = [];

    public void Add(params Cell[] cells) => rows.Add(cells);

    /// <summary>Writes the table; nothing but <paramref name="none"/> when it has no rows.</summary>
    public void Write(Writer output, string none)
    {
        if (rows.Count == 0)
        {
            output.Line(none);
            return;
        }

        var widths = headings.Select((h, i) => rows.Max(r => Math.Max(h.Length, r[i].Text.GetCellWidth()))).ToArray();
        Write(output, [.. headings.Select(h => new Cell(h, Styles.Faint))], widths);
        foreach (var row in rows)
        {
            Write(output, row, widths);
        }
    }

    private static void Write(Writer output, Cell[] cells, int[] widths)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            var isLast = i == cells.Length - 1;
            output.Write(cells[i].Text, cells[i].Style);
            output.Write(isLast ? "\n" : new string(' ', widths[i] - cells[i].Text.GetCellWidth()) + Gap);
        }
    }
}
