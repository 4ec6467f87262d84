using VpsPilot.Agent.Maintenance;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Operations.Checks;

/// <summary>Is there room for builds?</summary>
internal sealed class DiskCheck(DiskGuard guard) : INodeCheck
{
    public string Name => "disk";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([.. guard.Read().Select(Judge)]);

    private Finding Judge(DiskSpace space)
    {
        var state = space.IsLow ? FindingState.Error : space.FreeBytes < 2 * space.NeededBytes ? FindingState.Warning : FindingState.Ok;
        return new(Name, state, $"{space}{(space.IsLow ? "; builds are refused" : "")}.", state == FindingState.Ok ? null : DiskGuard.Remedy);
    }
}
