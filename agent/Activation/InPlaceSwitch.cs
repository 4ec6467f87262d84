using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Activation;

/// <summary>
/// The in-place strategy: one unit, restarted with the new release, and with the old one again when the new one is bad. What is under way is
/// written down before anything is touched, so that after a crash the same call, with the same command, finishes or puts back.
/// </summary>
internal sealed partial class InPlaceSwitch(
    ReleaseStore releases, ReleaseStarter starter, HealthWatcher health, ProfileGenerations profiles, ServingReader serving, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<InPlaceSwitch> logger)
{
    public async Task<CommandResult> RunAsync(CommandContext context, SwitchPlan plan, CancellationToken cancellationToken)
    {
        var intent = releases.Intent(context.ProjectId);
        if (intent?.CommandId != context.Command.CommandId)
        {
            cancellationToken.ThrowIfCancellationRequested();
            intent = new ActivationIntent { CommandId = context.Command.CommandId, From = plan.From?.ReleaseId, To = plan.To.ReleaseId };
            releases.Save(context.ProjectId, intent);
        }

        if (intent.Result is { } answered)
            return answered;
        var failure = intent.Failure;
        if (failure is null)
        {
            try
            {
                failure = await ForwardAsync(context, plan, intent, cancellationToken);
            }
            catch (OperationCanceledException) when (!lifetime.ApplicationStopping.IsCancellationRequested)
            {
                intent = releases.Intent(context.ProjectId)! with { IsCanceled = true };
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
            if (plan.IsNew)
                releases.Save(context.ProjectId, Latest(context, plan.To) with { ProvedAt = time.GetUtcNow() });
            return await EndAsync(context, CommandOutcome.Succeeded, null, end);
        }

        failure = context.Output.Redact(failure);
        foreach (var line in failure is { Kind: FailureKind.Unhealthy, StderrTail: { } tail } ? tail.Split('\n') : [])
            context.Output.Write($"  | {line}");
        intent = releases.Intent(context.ProjectId)! with { Failure = failure, IsCanceled = intent.IsCanceled };
        releases.Save(context.ProjectId, intent);
        return await BackAsync(context, plan, intent, failure, end);
    }

    private async Task<Failure?> ForwardAsync(CommandContext context, SwitchPlan plan, ActivationIntent intent, CancellationToken cancellationToken)
    {
        var (project, stages) = (context.ProjectId, context.Stages);
        cancellationToken.ThrowIfCancellationRequested();
        if (intent.IsTouched && await starter.IsRunningAsync(project, plan.To, cancellationToken))
        {
            var adopted = await stages.RunAsync(Stages.Start, () => Task.FromResult(starter.AppOf(project, plan.To, Stages.Start)), s => $"{s.App.Unit} runs already");
            return await ProveAsync(context, plan, adopted, cancellationToken);
        }

        if (plan.Environment is { } environment)
        {
            var written = await stages.RunAsync(Stages.Secrets, () => DoneUnless(starter.WriteEnvironmentAsync(project, plan.To, environment, cancellationToken)));
            if (written.Failure is { } failure)
                return failure;
        }

        if (plan.IsNew && plan.To.Config.Release.Commands is { Count: > 0 })
        {
            var ran = await stages.RunAsync(Stages.Release, () => DoneUnless(starter.RunReleaseCommandsAsync(project, plan.To, $"vpspilot-release-{plan.To.ReleaseId}", context.Output, cancellationToken)));
            if (ran.Failure is { } failure)
                return failure;
        }

        releases.Save(project, intent with { IsTouched = true });
        var started = await stages.RunAsync(Stages.Start, () => StartAsync(project, plan.To, Stages.Start, cancellationToken), s => $"{s.App.Unit} on port {s.App.Port}");
        return await ProveAsync(context, plan, started, cancellationToken);
    }

    /// <summary>Health, the switch of the link, and the watch window.</summary>
    private async Task<Failure?> ProveAsync(CommandContext context, SwitchPlan plan, Result<StartedRelease> started, CancellationToken cancellationToken)
    {
        var (project, stages) = (context.ProjectId, context.Stages);
        if (!started.Is(out var release, out var failure))
            return failure;
        if ((await stages.RunAsync(Stages.Health, () => DoneUnless(health.WaitAsync(release.App, Stages.Health, cancellationToken)))).Failure is { } unhealthy)
            return unhealthy;
        await stages.RunAsync(Stages.Switch, () =>
        {
            releases.SetCurrent(project, plan.To.ReleaseId);
            return DoneUnless(Task.FromResult<Failure?>(null));
        });
        return plan.IsNew || plan.IsWatched ? (await stages.RunAsync(Stages.Watch, () => DoneUnless(health.WatchAsync(release.App, cancellationToken)))).Failure : null;
    }

    /// <summary>Starts a release: its generation, then its unit.</summary>
    private async Task<Result<StartedRelease>> StartAsync(string project, ReleaseManifest release, string step, CancellationToken cancellationToken)
    {
        // A generation that someone deleted is made anew.
        if (release.Generation is not { } generation || await profiles.SwitchAsync(project, generation, step, cancellationToken) is not null)
        {
            if (!(await profiles.SetAsync(project, release.StorePath, step, cancellationToken)).Is(out var set, out var failure))
                return failure;
            releases.Save(project, release with { Generation = set.Number });
        }

        return await starter.StartAsync(project, release, step, cancellationToken);
    }

    private async Task<CommandResult> BackAsync(CommandContext context, SwitchPlan plan, ActivationIntent intent, Failure failure, CancellationToken cancellationToken)
    {
        var outcome = intent.IsCanceled ? CommandOutcome.Canceled : CommandOutcome.Failed;
        if (!intent.IsTouched)
            return await EndAsync(context, outcome, failure, cancellationToken);

        var back = await context.Stages.RunAsync(Stages.RollBack, () => PutBackAsync(context.ProjectId, plan.From, cancellationToken), b => b.Detail);
        if (back.Failure is { } stuck)
        {
            failure = failure with { Message = $"{failure.Message}; and the earlier release could not be put back: {stuck.Message}", Hint = stuck.Hint ?? failure.Hint };
            return await EndAsync(context, CommandOutcome.Failed, failure, cancellationToken);
        }

        if (plan.From is not null && !intent.IsCanceled)
            outcome = CommandOutcome.RolledBack;
        return await EndAsync(context, outcome, failure, cancellationToken);
    }

    private async Task<Result<Done>> PutBackAsync(string project, ReleaseManifest? release, CancellationToken cancellationToken)
    {
        if (release is null)
        {
            if (await starter.StopAsync(project, Stages.RollBack, cancellationToken) is { } stuck)
                return stuck;
            releases.SetCurrent(project, null);
            return new Done("there was no earlier release; the app is stopped");
        }

        if (!(await StartAsync(project, release, Stages.RollBack, cancellationToken)).Is(out var started, out var failure))
            return failure;
        releases.SetCurrent(project, release.ReleaseId);
        failure = await health.WaitAsync(started.App, Stages.RollBack, cancellationToken);
        return failure is null ? new Done($"back to {release.Commit[..12]}, generation {release.Generation}") : failure;
    }

    /// <summary>The answer is kept with the intent, so that the same command gets it again and touches nothing.</summary>
    private async Task<CommandResult> EndAsync(CommandContext context, CommandOutcome outcome, Failure? failure, CancellationToken cancellationToken)
    {
        var result = new CommandResult { Outcome = outcome, Failure = failure, Serving = await serving.ReadAsync(context.ProjectId, cancellationToken) };
        releases.Save(context.ProjectId, releases.Intent(context.ProjectId)! with { Result = result });
        return result;
    }

    private ReleaseManifest Latest(CommandContext context, ReleaseManifest release) => releases.Find(context.ProjectId, release.ReleaseId) ?? release;

    private static async Task<Result<Done>> DoneUnless(Task<Failure?> work) => await work is { } failure ? failure : new Done(null);

    [LoggerMessage(EventId = 5400, Level = LogLevel.Error, Message = "Command {Command} met a fault; what served before is put back.")]
    private static partial void LogFault(ILogger logger, Exception exception, string command);

    /// <summary>Something that has no value was done.</summary>
    private sealed record Done(string? Detail);
}
