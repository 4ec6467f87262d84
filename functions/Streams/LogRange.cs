using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Streams;

/// <summary>The <c>?node=&amp;offset=</c> of a request for output that each node has some of.</summary>
/// <param name="Nodes">Whose.</param>
/// <param name="Offset">Where to begin, in bytes; other than 0 only for one node.</param>
internal sealed record LogRange(IReadOnlyList<string> Nodes, long Offset)
{
    /// <summary>What a request asks for, or what to answer it.</summary>
    public static (LogRange? Value, IActionResult? Problem) Of(HttpRequest request, IReadOnlyList<string> all)
    {
        var node = request.Query["node"] is [{ Length: > 0 } one] ? one : null;
        if (node is not null && !all.Contains(node, StringComparer.Ordinal))
        {
            return (null, Answers.NotFound("node", node));
        }

        var nodes = node is null ? all : [node];
        var offset = 0L;
        return request.Query["offset"] is [{ Length: > 0 } text] && (!long.TryParse(text, out offset) || offset < 0 || nodes.Count > 1)
            ? (null, Answers.Invalid([new("offset", "must be a number of bytes, in the log of one node.")]))
            : (new(nodes, offset), null);
    }
}
