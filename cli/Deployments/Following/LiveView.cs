using System.Net.ServerSentEvents;
using Spectre.Console;
using Spectre.Console.Rendering;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.Output;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Cli.Deployments.Following;

/// <summary>The stages of every node, drawn again and again in place.</summary>
internal sealed class LiveView : IProgressView
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings());
    private readonly Spinner spinner;
    private volatile DeploymentProgress last = new();
    private int frame;

    public LiveView() => spinner = console.Profile.Capabilities.Unicode ? Spinner.Known.Dots : Spinner.Known.Line;

    public Task<T> ShowAsync<T>(Func<Action<SseItem<string>, DeploymentProgress>, Task<T>> listen, CancellationToken ct) =>
        console.Live(Draw()).Overflow(VerticalOverflow.Ellipsis).StartAsync(async live =>
        {
            var listening = listen((_, progress) => last = progress);
            while (await Task.WhenAny(listening, Task.Delay(Frame, ct)) != listening)
            {
                ct.ThrowIfCancellationRequested();
                frame++;
                live.UpdateTarget(Draw());
            }

            live.UpdateTarget(Draw());
            return await listening;
        });

    private Rows Draw()
    {
        var progress = last;
        if (progress.Deployment is not { } deployment)
        {
            return new Rows(new Text("Waiting for the control plane …", Styles.Faint));
        }

        var lines = new List<IRenderable>
        {
            Line((deployment.ProjectId, Styles.Strong), ($"  {StepWords.Of(deployment)}", Styles.Of(deployment.Status)), ($"  {Words.Commit(deployment.Commit)}  {deployment.Subject}".TrimEnd(), Styles.Faint)),
        };
        // A node is a line where its stages would not all be on the screen.
        var isShort = progress.Nodes.Values.Sum(n => n.Steps.Count + 1) + 3 > console.Profile.Height;
        foreach (var node in progress.Nodes.Values)
        {
            lines.AddRange(isShort ? [Short(node, progress)] : Full(node, progress));
        }

        return new Rows(lines);
    }

    private IEnumerable<IRenderable> Full(DeploymentNodeView node, DeploymentProgress progress)
    {
        yield return Line(($"  {node.NodeId}", Styles.Strong), ($"  {node.Status}", Styles.Of(node.Status)));
        foreach (var step in node.Steps)
        {
            var (sign, style) = Sign(step.State);
            var took = step.State == StageState.Skipped ? "" : Words.Duration(StepWords.Elapsed(step, progress));
            yield return Line(($"    {sign} ", style), ($"{step.Stage,-11} ", Style.Plain), ($"{took,10}", Styles.Faint), ($"  {step.Detail}".TrimEnd(), step.State == StageState.Failed ? Styles.Bad : Styles.Faint));
        }
    }

    private Paragraph Short(DeploymentNodeView node, DeploymentProgress progress)
    {
        var step = node.Steps.Count == 0 ? null : node.Steps[^1];
        var (sign, style) = step is null ? (" ", Style.Plain) : Sign(step.State);
        return Line(($"  {sign} ", style), ($"{node.NodeId}  ", Styles.Strong), (node.Status, Styles.Of(node.Status)), (step is null ? "" : $"  {step.Stage}  {Words.Duration(StepWords.Elapsed(step, progress))}", Styles.Faint));
    }

    private (string Sign, Style Style) Sign(StageState state) => (state, console.Profile.Capabilities.Unicode) switch
    {
        (StageState.Started, _) => (spinner.Frames[frame % spinner.Frames.Count], Styles.Warning),
        (StageState.Completed, var unicode) => (unicode ? "✔" : "+", Styles.Good),
        (StageState.Failed, var unicode) => (unicode ? "✘" : "x", Styles.Bad),
        _ => ("-", Styles.Faint),
    };

    /// <summary>Texts after each other; what is longer than the terminal is wide goes on below.</summary>
    private static Paragraph Line(params ReadOnlySpan<(string Text, Style Style)> parts)
    {
        var line = new Paragraph();
        foreach (var (text, style) in parts)
        {
            line.Append(text, style);
        }

        return line;
    }
}
