using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Tests.Vps;

/// <summary>Does something bad at the moment a stage of a project begins.</summary>
internal static class Death
{
    public static async Task<CommandResult> AtStageAsync(ControlPlaneStandIn plane, string project, string stage, Func<Task> death, Func<Task<CommandResult>> work)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        plane.OnEvent = e =>
        {
            if (e.ProjectId == project && e.Body is StageProgress { State: StageState.Started } progress && progress.Stage == stage)
            {
                plane.OnEvent = null;
                reached.SetResult();
            }
        };
        var working = work();
        await Task.WhenAny(reached.Task, working).WaitAsync(ControlPlaneStandIn.Soon);
        reached.Task.IsCompleted.ShouldBeTrue($"The stage {stage} was not reached.");
        await death();
        return await working;
    }
}
