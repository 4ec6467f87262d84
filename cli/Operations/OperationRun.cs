using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Cli.Operations;

/// <summary>An operation on nodes: started, waited for, and told.</summary>
internal static class OperationRun
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(300);

    /// <summary>Starts one by a request without a body, and shows what came of it.</summary>
    public static async Task<int> PostAsync(Session session, ApiClient api, string path, CancellationToken ct) =>
        await ShowAsync(session, api, await api.PostAsync(path, ApiJson.Default.OperationView, ct), ct);

    /// <summary>Waits for the end of a started operation and shows what nodes answered.</summary>
    public static async Task<int> ShowAsync(Session session, ApiClient api, Answer<OperationView> started, CancellationToken ct)
    {
        var ended = started.Value is { } operation ? await EndAsync(session, api, operation, ct) : started;
        var exit = session.Output.Show(ended, o => Print(session.Output, o));
        return exit != ExitCode.Done ? exit : IsGood(ended.Value!) ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>The operation when it has ended. Whoever stops waiting leaves it running.</summary>
    public static async Task<Answer<OperationView>> EndAsync(Session session, ApiClient api, OperationView operation, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var answer = await api.GetAsync(Route.To($"api/operations/{operation.Id}"), ApiJson.Default.OperationView, ct);
                if (answer.Value is not { HasEnded: false })
                {
                    return answer;
                }

                await Task.Delay(Poll, ct);
            }
        }
        catch (OperationCanceledException)
        {
            session.Output.Remark($"The operation {operation.Id} goes on without this program.");
            throw;
        }
    }

    private static bool IsGood(OperationView operation) =>
        operation.Status == "succeeded" && !operation.Nodes.Any(n => n.Findings?.Any(f => f.State == FindingState.Error) == true);

    private static void Print(Writer output, OperationView operation)
    {
        foreach (var node in operation.Nodes)
        {
            var state = OperationWords.Of(node.Outcome);
            output.Write(node.NodeId + ": ");
            output.Line(state, Styles.Of(state));
            foreach (var finding in node.Findings ?? [])
            {
                var how = finding.State.ToString().ToLowerInvariant();
                output.Write($"  {how,-8}", Styles.Of(how));
                output.Line($"{finding.Check}: {finding.Message}");
                if (finding.Remedy is { } remedy)
                {
                    output.Line($"          → {remedy}");
                }
            }

            if (node.Failure is { } failure)
            {
                output.Line($"  {failure}");
                if (failure.Hint is { } hint)
                {
                    output.Line($"  → {hint}");
                }
            }
        }

        if (operation.WaitingFor.Count > 0)
        {
            output.Line($"No answer from: {string.Join(", ", operation.WaitingFor)}.", Styles.Warning);
        }
    }
}
