using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Agent.Activation.Health;
using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Activation.Switching;

/// <summary>
/// Makes another release serve, and puts the earlier one back when the new one is bad. What is under way is written down before anything is
/// touched, so that after a crash the same call, with the same command, finishes or puts back.
/// </summary>
internal sealed partial class ReleaseSwitch(
    ReleaseStore releases, SwitchStart starts, ReleaseStarter starter, InPlaceStrategy inPlace, BlueGreenStrategy blueGreen, HealthWatcher health, AppLog log, SlotDrain drain, Edge.Edge edge, ServingReader serving,
    IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ReleaseSwitch> logger)
{
    public async Task<CommandResult> RunAsync(CommandContext context, SwitchPlan plan, CancellationToken cancellationToken)
    {
        var intent = releases.Intent(context.ProjectId);
        if (intent?.CommandId != context.Command.CommandId)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!starts.Begin(context, plan).Is(out intent, out var refused))
                return new() { Outcome = CommandOutcome.Failed, Failure = context.Output.Redact(refused), Serving = await serving.ReadAsync(context.ProjectId, cancellationToken) };
        }

        if (intent.Result is { } answered)
            return answered;
        var run = new SwitchRun(context, plan, intent) { IsResumed = intent.IsTouched };
        var failure = intent.Failure;
        if (failure is null)
        {
            try
            {
                failure = await ForwardAsync(run, cancellationToken);
            }
            catch (OperationCanceledException) when (!lifetime.ApplicationStopping.IsCancellationRequested)
            {
                intent = Present(run) with { IsCanceled = true };
                failure = new Failure("cancel", FailureKind.Canceled, "The deployment was canceled.");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFault(logger, e, context.Command.CommandId);
                failure = new Failure("agent", FailureKind.Internal, $"A fault in the agent: {e.Message}") { Hint = "On the node: journalctl -u vpspilot-agent." };
            }
        }

        // From here on a cancel changes nothing: what serves is put in order. Only the end of the agent interrupts, and then the intent goes on.
        var end = lifetime.ApplicationStopping;
        if (failure is null)
        {
            if (plan is { IsWatched: true, Percent: null })
            {
                var proved = releases.Find(context.ProjectId, plan.To.ReleaseId) ?? plan.To;
                releases.Save(context.ProjectId, proved with { ProvedAt = time.GetUtcNow(), Followed = proved.ProvedAt is null ? plan.From?.ReleaseId : proved.Followed });
            }

            return await EndAsync(run, CommandOutcome.Succeeded, null, end);
        }

        failure = context.Output.Redact(failure);
        foreach (var line in failure is { Kind: FailureKind.Unhealthy, StderrTail: { } tail } ? tail.Split('\n') : [])
            context.Output.Write($"  | {line}");
        intent = Present(run) with { Failure = failure, IsCanceled = intent.IsCanceled };
        try
        {
            releases.Save(context.ProjectId, intent);
        }
        catch (IOException e)
        {
            // The disk is full. All the more what served before has to come back.
            LogFault(logger, e, context.Command.CommandId);
        }

        return await BackAsync(run with { Intent = intent }, failure, end);
    }

    private async Task<Failure?> ForwardAsync(SwitchRun run, CancellationToken cancellationToken)
    {
        var (project, plan) = (run.Project, run.Plan);
        cancellationToken.ThrowIfCancellationRequested();
        if (!run.Intent.IsTouched)
        {
            if (await PrepareAsync(run, cancellationToken) is { } unprepared)
                return unprepared;
            run = run with { Intent = run.Intent with { IsTouched = true, LogMark = log.MarkEnd(project, run.Intent.ToSlot) } };
            releases.Save(project, run.Intent);
        }

        var strategy = StrategyOf(run);
        var started = await run.Context.Stages.RunAsync(Stages.Start, () => strategy.StartAsync(run, cancellationToken), s => $"{s.App.Unit} on port {s.App.Port}{(s.IsAdopted ? " (runs already)" : "")}");
        if (!started.Is(out var release, out var failure))
            return failure;
        if (run is { IsResumed: true, Intent.LogMark: { } mark })
            release = release with { App = release.App with { LogMark = mark } };
        failure = await run.StageAsync(Stages.Health, () => health.WaitAsync(release.App, Stages.Health, cancellationToken));
        if (failure is null && plan.IsWatched && Present(run).Restarts is null)
            releases.Save(project, Present(run) with { Restarts = await health.RestartsAsync(release.App, cancellationToken) });
        failure ??= await run.StageAsync(Stages.Switch, () => strategy.SwitchAsync(run, cancellationToken), Described(run));
        if (failure is null && run is { Intent.ToSlot: not Slot.InPlace, Plan: { From: not null, Percent: null } })
            await run.Context.Stages.RunAsync(Stages.Drain, () => drain.BeginAsync(project, cancellationToken), d => d.Detail);
        if (failure is not null || !plan.IsWatched)
            return failure;
        var since = Present(run).SwitchedAt ?? time.GetUtcNow();
        return await run.StageAsync(Stages.Watch, () => health.WatchAsync(release.App, since, Present(run).Restarts ?? 0, edge.IsOn, cancellationToken));
    }

    /// <summary>What can be done without touching what serves.</summary>
    private async Task<Failure?> PrepareAsync(SwitchRun run, CancellationToken cancellationToken)
    {
        var (project, plan) = (run.Project, run.Plan);
        if (plan.Environment is { } environment && await run.StageAsync(Stages.Secrets, () => starter.WriteEnvironmentAsync(project, plan.To, environment, cancellationToken)) is { } unwritten)
            return unwritten;
        return plan.IsNew && plan.To.Config.Release.Commands is { Count: > 0 }
            ? await run.StageAsync(Stages.Release, () => starter.RunReleaseCommandsAsync(project, plan.To, $"vpspilot-release-{plan.To.ReleaseId}", run.Context.Output, cancellationToken))
            : null;
    }

    private async Task<CommandResult> BackAsync(SwitchRun run, Failure failure, CancellationToken cancellationToken)
    {
        var outcome = run.Intent.IsCanceled ? CommandOutcome.Canceled : CommandOutcome.Failed;
        if (!run.Intent.IsTouched)
            return await EndAsync(run, outcome, failure, cancellationToken);

        var (from, detail) = (run.Plan.From, run.Plan.From is { } back ? $"back to {back.Commit[..12]}" : "there was no earlier release; the app is stopped");
        if (await run.StageAsync(Stages.RollBack, () => StrategyOf(run).BackAsync(run, cancellationToken), detail) is { } stuck)
        {
            failure = failure with { Message = $"{failure.Message}; and the earlier release could not be put back: {stuck.Message}", Hint = stuck.Hint ?? failure.Hint };
            return await EndAsync(run, CommandOutcome.Failed, failure, cancellationToken);
        }

        return await EndAsync(run, from is not null && !run.Intent.IsCanceled ? CommandOutcome.RolledBack : outcome, failure, cancellationToken);
    }

    /// <summary>The answer is kept with the intent, so that the same command gets it again and touches nothing.</summary>
    private async Task<CommandResult> EndAsync(SwitchRun run, CommandOutcome outcome, Failure? failure, CancellationToken cancellationToken)
    {
        var result = new CommandResult { Outcome = outcome, Failure = failure, Serving = await serving.ReadAsync(run.Project, cancellationToken) };
        releases.Save(run.Project, Present(run) with { Result = result });
        return result;
    }

    private ISwitchStrategy StrategyOf(SwitchRun run) => run.Intent.ToSlot == Slot.InPlace ? inPlace : blueGreen;

    private ActivationIntent Present(SwitchRun run) => releases.Intent(run.Project) ?? run.Intent;

    private static string? Described(SwitchRun run) => run switch
    {
        { Intent.ToSlot: Slot.InPlace } => null,
        { Plan.Percent: { } percent } => $"{percent}% of the traffic to the {run.Intent.ToSlot.Word()} slot",
        _ => $"the traffic to the {run.Intent.ToSlot.Word()} slot",
    };

    [LoggerMessage(EventId = 5400, Level = LogLevel.Error, Message = "Command {Command} met a fault; what served before is put back.")]
    private static partial void LogFault(ILogger logger, Exception exception, string command);
}
