using System.Net.ServerSentEvents;
using VpsPilot.Cli.Output;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Cli.Deployments.Following;

/// <summary>One line for each stage that ended, and for each state of the deployment: for logs, and for terminals that cannot move the cursor.</summary>
internal sealed class PlainView(Writer output) : IProgressView
{
    /// <summary>What reads the output may take a long silence for the end.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private DeploymentProgress last = new();

    public async Task<T> ShowAsync<T>(Func<Action<SseItem<string>, DeploymentProgress>, Task<T>> listen, CancellationToken ct)
    {
        var listening = listen((_, progress) => Tell(progress));
        while (await Task.WhenAny(listening, Task.Delay(Silence, ct)) != listening)
        {
            ct.ThrowIfCancellationRequested();
            TellWhatRuns();
        }

        return await listening;
    }

    private void Tell(DeploymentProgress progress)
    {
        lock (gate)
        {
            last = progress;
            foreach (var (node, step) in progress.Nodes.Values.SelectMany(n => n.Steps.Select(s => (n.NodeId, s))))
            {
                if (step.State != StageState.Started && told.Add($"{node}/{step.Stage}/{step.StartedAt:O}/{step.State}"))
                {
                    var took = step.State == StageState.Skipped ? "" : "  " + Words.Duration(TimeSpan.FromMilliseconds(step.DurationMilliseconds ?? 0));
                    output.Line($"{node}  {step.Stage,-11}  {StepWords.Of(step.State)}{took}{(step.Detail is { } detail ? "  " + detail : "")}");
                }
            }

            if (progress.Deployment is { } deployment && deployment.FinishedAt is null && told.Add(deployment.Status + deployment.Canary?.State))
            {
                output.Line(StepWords.Of(deployment));
            }
        }
    }

    private void TellWhatRuns()
    {
        lock (gate)
        {
            foreach (var (node, step) in last.Nodes.Values.SelectMany(n => n.Steps.Where(s => s.State == StageState.Started).Select(s => (n.NodeId, s))))
            {
                output.Line($"{node}  {step.Stage,-11}  runs since {Words.Duration(StepWords.Elapsed(step, last))}");
            }
        }
    }
}
