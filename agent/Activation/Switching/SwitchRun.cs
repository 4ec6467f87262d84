using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Activation.Switching;

/// <summary>A switch under way.</summary>
/// <param name="Context">The command.</param>
/// <param name="Plan">From which release to which.</param>
/// <param name="Intent">What was decided when it began: command, releases and slots do not change.</param>
internal sealed record SwitchRun(CommandContext Context, SwitchPlan Plan, ActivationIntent Intent)
{
    /// <summary>An agent that died had touched something already.</summary>
    public bool IsResumed { get; init; }

    public string Project => Context.ProjectId;

    /// <summary>Runs a stage that has no value.</summary>
    public async Task<Failure?> StageAsync(string stage, Func<Task<Failure?>> work, string? detail = null) =>
        (await Context.Stages.RunAsync(stage, async () => await work() is { } failure ? failure : (Result<Done>)new Done(detail), d => d.Detail)).Failure;

    /// <summary>Something that has no value was done.</summary>
    private sealed record Done(string? Detail);
}
