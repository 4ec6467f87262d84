using VpsPilot.Cli.Api;

namespace VpsPilot.Cli.Deployments.Following;

/// <summary>The end of what a stage wrote, where it failed.</summary>
internal static class LogTail
{
    private const int MostLines = 20;

    /// <summary>The last lines of the stage in a node's log; nothing when the log has none of it.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(ApiClient api, string deployment, string node, string stage, CancellationToken ct)
    {
        var opened = await api.StreamAsync(Route.To($"api/deployments/{deployment}/log").With(("node", node)), null, ct);
        if (opened.Value is not { } response)
        {
            return [];
        }

        // The agent writes "==> stage" where one begins and "<== stage" where it ends; the last run of the stage counts.
        var (lines, isIn) = (new Queue<string>(), false);
        using (response)
        {
            using var reader = new StreamReader(await response.BodyAsync(ct));
            while (await reader.ReadLineAsync(ct) is { } line)
            {
                if (line == $"==> {stage}")
                {
                    (isIn, lines) = (true, new Queue<string>());
                }
                else if (line.StartsWith("<== ", StringComparison.Ordinal))
                {
                    isIn = false;
                }
                else if (isIn)
                {
                    lines.Enqueue(line);
                    if (lines.Count > MostLines)
                    {
                        lines.Dequeue();
                    }
                }
            }
        }

        return [.. lines];
    }
}
