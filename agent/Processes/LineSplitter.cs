using System.Text;

namespace VpsPilot.Agent.Processes;

/// <summary>Splits a stream of UTF-8 into lines of bounded length, whatever the process writes.</summary>
internal static class LineSplitter
{
    public const int MaxLine = 8 * 1024;

    public static async Task ReadAsync(Stream stream, Action<string> line, CancellationToken cancellationToken)
    {
        var bytes = new byte[8 * 1024];
        var decoder = Encoding.UTF8.GetDecoder();
        var chars = new char[bytes.Length];
        var current = new StringBuilder();
        int read;
        while ((read = await stream.ReadAsync(bytes, cancellationToken)) > 0)
        {
            var count = decoder.GetChars(bytes, 0, read, chars, 0);
            for (var i = 0; i < count; i++)
            {
                if (chars[i] == '\n')
                {
                    Emit(current, line);
                    continue;
                }

                current.Append(chars[i]);
                if (current.Length >= MaxLine)
                    Emit(current, line);
            }
        }

        if (current.Length > 0)
            Emit(current, line);
    }

    private static void Emit(StringBuilder current, Action<string> line)
    {
        // A carriage return in the middle is a progress bar that paints over itself: its last state is the line.
        var text = current.ToString().TrimEnd('\r');
        current.Clear();
        line(text[(text.LastIndexOf('\r') + 1)..]);
    }
}
