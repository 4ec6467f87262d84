using System.Text;

namespace VpsPilot.Agent.Units;

/// <summary>
/// The text of a systemd environment file (systemd.exec(5), <c>EnvironmentFile=</c>): values in double quotes, where <c>\</c>, <c>"</c>,
/// <c>`</c> and <c>$</c> are escaped and all else, newlines too, stands for itself. There are no specifiers and no expansion in it.
/// </summary>
internal static class EnvironmentFile
{
    /// <summary>The agent says these, whatever the config does.</summary>
    public static bool IsReserved(string name) => name == "PORT" || name.StartsWith("VPSPILOT_", StringComparison.Ordinal);

    public static string Render(IEnumerable<KeyValuePair<string, string>> variables)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in variables.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append("=\"");
            foreach (var c in value)
            {
                if (c is '\\' or '"' or '`' or '$')
                    text.Append('\\');
                text.Append(c);
            }

            text.Append("\"\n");
        }

        return text.ToString();
    }

    /// <summary>Reads what <see cref="Render"/> wrote.</summary>
    public static Dictionary<string, string> Parse(string text)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at < text.Length;)
        {
            var equals = text.IndexOf("=\"", at, StringComparison.Ordinal);
            if (equals < 0)
                break;
            var name = text[at..equals];
            var value = new StringBuilder();
            for (at = equals + 2; at < text.Length && text[at] != '"'; at++)
            {
                if (text[at] == '\\')
                    at++;
                value.Append(text[at]);
            }

            variables[name] = value.ToString();
            at += 2; // the quote and the newline
        }

        return variables;
    }
}
