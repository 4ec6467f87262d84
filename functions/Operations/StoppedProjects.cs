using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Operations;

/// <summary>That a node stopped a project since a person asked for it, as stored.</summary>
/// <param name="At">When.</param>
internal sealed record StoppedProject(DateTimeOffset At);

/// <summary>Where projects stand still on purpose. Partition <c>stopped:&lt;project&gt;</c>, one row a node, until they are restarted.</summary>
internal sealed class StoppedProjects(IStateStore store, TimeProvider time)
{
    /// <summary>Takes note of what a node did for an operation.</summary>
    public Task RecordAsync(Operation operation, OperationNode node, CancellationToken ct) => (operation, node) switch
    {
        ({ Kind: OperationKind.Stop, ProjectId: { } project }, { Outcome: CommandOutcome.Succeeded }) =>
            store.UpsertAsync(Partition(project), node.NodeId, new StoppedProject(time.GetUtcNow()), OperationsJson.Default.StoppedProject, ct),
        ({ Kind: OperationKind.Restart, ProjectId: { } project }, _) => store.DeleteAsync(Partition(project), node.NodeId, null, ct),
        _ => Task.CompletedTask,
    };

    /// <summary>True when it was stopped there after <paramref name="since"/>.</summary>
    public async Task<bool> IsStoppedAsync(string project, string nodeId, DateTimeOffset since, CancellationToken ct) =>
        (await store.GetAsync(Partition(project), nodeId, OperationsJson.Default.StoppedProject, ct))?.Value.At > since;

    private static string Partition(string project) => "stopped:" + project;
}
