using System.Text;

namespace VpsPilot.Cli.Output;

/// <summary>Reads a secret: from standard input, or typed without being shown.</summary>
internal static class SecretInput
{
    /// <summary>All of standard input without the line break at its end, or the line that is typed.</summary>
    public static async Task<string> ReadAsync(string question, CancellationToken ct)
    {
        if (Console.IsInputRedirected)
        {
            var text = await Console.In.ReadToEndAsync(ct);
            return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        }

        await Console.Error.WriteAsync(question);
        var typed = new StringBuilder();
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                await Console.Error.WriteAsync("\n");
                return typed.ToString();
            }

            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }
    }
}
