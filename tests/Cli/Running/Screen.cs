using System.Text;

namespace VpsPilot.Cli.Tests.Running;

/// <summary>What a terminal shows after what was written to it: as much of ECMA-48 as programs of lines use. It never scrolls; what would leave a real one stays above.</summary>
internal sealed class Screen(int columns)
{
    private readonly List<StringBuilder> rows = [new()];
    private readonly StringBuilder sequence = new();
    private int row;
    private int column;

    /// <summary>A style was set at least once.</summary>
    public bool HasStyles { get; private set; }

    /// <summary>The cursor is shown.</summary>
    public bool HasCursor { get; private set; } = true;

    /// <summary>All rows, without blanks at their ends.</summary>
    public string Text => string.Join('\n', rows.Select(r => r.ToString().TrimEnd())).TrimEnd() + "\n";

    public void Write(char c)
    {
        if (sequence.Length > 0)
        {
            Continue(c);
            return;
        }

        switch (c)
        {
            case '\u001b':
                sequence.Append(c);
                break;
            case '\r':
                column = 0;
                break;
            case '\n':
                MoveTo(row + 1);
                break;
            case '\b':
                column = Math.Max(0, column - 1);
                break;
            case >= ' ':
                Put(c);
                break;
        }
    }

    private void Put(char c)
    {
        if (column == columns)
        {
            column = 0;
            MoveTo(row + 1);
        }

        var line = rows[row];
        line.Append(' ', Math.Max(0, column + 1 - line.Length));
        line[column++] = c;
    }

    private void MoveTo(int to)
    {
        row = Math.Max(0, to);
        while (rows.Count <= row)
        {
            rows.Add(new());
        }
    }

    /// <summary>A sequence ends with a letter after <c>ESC [</c>, with BEL after <c>ESC ]</c>, and else at once.</summary>
    private void Continue(char c)
    {
        sequence.Append(c);
        var isOver = sequence.Length == 2 ? c is not ('[' or ']' or '(') : sequence[1] == ']' ? c is '\a' or '\\' : sequence[1] == '(' || c is >= '@' and <= '~';
        if (!isOver)
        {
            return;
        }

        if (sequence[1] == '[')
        {
            Apply(sequence.ToString(2, sequence.Length - 3), c);
        }

        sequence.Clear();
    }

    private void Apply(string parameters, char command)
    {
        var first = int.TryParse(parameters.Split(';')[0], out var number) ? number : 0;
        switch (command)
        {
            case 'A':
                MoveTo(row - Math.Max(1, first));
                break;
            case 'B':
                MoveTo(row + Math.Max(1, first));
                break;
            case 'C':
                column += Math.Max(1, first);
                break;
            case 'D':
                column = Math.Max(0, column - Math.Max(1, first));
                break;
            case 'G':
                column = Math.Max(1, first) - 1;
                break;
            case 'K':
                Erase(rows[row], first);
                break;
            case 'J':
                Erase(rows[row], first);
                rows.RemoveRange(row + 1, rows.Count - row - 1);
                break;
            case 'm':
                HasStyles |= parameters is not ("" or "0");
                break;
            case 'h' or 'l' when parameters == "?25":
                HasCursor = command == 'h';
                break;
        }
    }

    private void Erase(StringBuilder line, int what)
    {
        line.Length = Math.Min(line.Length, what == 0 ? column : line.Length);
        for (var i = 0; what != 0 && i < line.Length && (what == 2 || i <= column); i++)
        {
            line[i] = ' ';
        }
    }
}
