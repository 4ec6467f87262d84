using System.Text.Json.Serialization.Metadata;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Operations;

/// <summary>
/// The logs of nodes, followed until what writes them has ended. A control plane ends streams when it stops, after its limit or a long silence,
/// and connections break: each is asked for again from where it was.
/// </summary>
/// <param name="output">Where the lines go; of several nodes, a heading says whose follow.</param>
/// <param name="api">The control plane.</param>
/// <param name="path">What writes the log, such as <c>api/operations/ID</c>.</param>
/// <param name="nodes">Its nodes.</param>
internal sealed class FollowedLog(Writer output, ApiClient api, string path, IReadOnlyList<string> nodes)
{
    private const int MostTries = 20;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private string? shown;

    /// <summary>The nodes of a deployment.</summary>
    public static FollowedLog Of(Writer output, ApiClient api, DeploymentView deployment, string? node) =>
        new(output, api, Route.To($"api/deployments/{deployment.Id}"), node is null ? [.. (deployment.Nodes ?? []).Select(n => n.NodeId)] : [node]);

    /// <summary>The nodes of an operation, whether they have answered or not.</summary>
    public static FollowedLog Of(Writer output, ApiClient api, OperationView operation) =>
        new(output, api, Route.To($"api/operations/{operation.Id}"), [.. operation.Nodes.Select(n => n.NodeId).Concat(operation.WaitingFor).Order(StringComparer.Ordinal)]);

    /// <param name="type">Of what writes the log.</param>
    /// <param name="hasEnded">Nothing more will be written.</param>
    /// <param name="ct">Stops following.</param>
    /// <returns>Null when all is shown; else why it could not be.</returns>
    public async Task<Complaint?> ShowAsync<T>(JsonTypeInfo<T> type, Func<T, bool> hasEnded, CancellationToken ct)
        where T : class =>
        (await Task.WhenAll(nodes.Select(node => FollowAsync(node, type, hasEnded, ct)))).FirstOrDefault(c => c is not null);

    private async Task<Complaint?> FollowAsync<T>(string node, JsonTypeInfo<T> type, Func<T, bool> hasEnded, CancellationToken ct)
        where T : class
    {
        var (log, failures) = (new NodeLog(api, path + "/log", node), 0);
        while (true)
        {
            // Asked before the log is read: what was written by then is in it.
            var state = await api.GetAsync(path, type, ct);
            var isOver = state.Value is { } value && hasEnded(value);
            var cut = state.Complaint ?? await log.ReadAsync(!isOver, line => Show(node, line), ct);
            if (cut is null && isOver)
            {
                log.Finish(line => Show(node, line));
                return null;
            }

            failures = cut is null ? 0 : failures + 1;
            if (cut is not null && (cut.ExitCode != ExitCode.Unreachable || failures >= MostTries))
            {
                return cut;
            }

            await Task.Delay(cut is null ? Turn : Pause, ct);
        }
    }

    private void Show(string node, string line)
    {
        lock (gate)
        {
            if (nodes.Count > 1 && shown != node)
            {
                TextStream.Write(output, $"==> {node} <==");
            }

            shown = node;
            TextStream.Write(output, line);
        }
    }
}
