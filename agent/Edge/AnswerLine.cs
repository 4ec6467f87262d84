using System.Globalization;
using System.Text.Json;

namespace VpsPilot.Agent.Edge;

/// <summary>One line of the edge's log of answers.</summary>
/// <param name="Began">When the request came (UTC).</param>
/// <param name="Project">Project it was for.</param>
/// <param name="Port">Port of the slot that answered, or should have.</param>
/// <param name="Status">Status of the answer.</param>
internal sealed record AnswerLine(DateTimeOffset Began, string Project, int Port, int Status)
{
    /// <summary>Null when it is not such a line, or the request reached no slot.</summary>
    public static AnswerLine? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            var logger = root.GetProperty("logger").GetString() ?? "";
            if (!logger.StartsWith(CaddyLogging.Logger + ".", StringComparison.Ordinal) || !int.TryParse(root.GetProperty("user_id").GetString(), CultureInfo.InvariantCulture, out var port))
                return null;
            // The time of the line is that of the end.
            var began = root.GetProperty("ts").GetDouble() - root.GetProperty("duration").GetDouble();
            return new(DateTimeOffset.UnixEpoch.AddSeconds(began), logger[(CaddyLogging.Logger.Length + 1)..], port, root.GetProperty("status").GetInt32());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
