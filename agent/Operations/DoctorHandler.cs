using VpsPilot.Agent.Operations.Checks;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Operations;

/// <summary>Checks the node. The command succeeds when every check was made, whatever they found.</summary>
internal sealed class DoctorHandler(IEnumerable<INodeCheck> checks)
{
    public async Task<CommandResult> RunAsync(CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(checks.Select(c => MakeAsync(c, cancellationToken)));
        return new() { Outcome = CommandOutcome.Succeeded, Findings = [.. found.SelectMany(f => f)] };
    }

    private static async Task<IReadOnlyList<Finding>> MakeAsync(INodeCheck check, CancellationToken cancellationToken)
    {
        try
        {
            return await check.RunAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return [new(check.Name, FindingState.Error, $"It cannot be checked: {e.Message}", "On the node: journalctl -u vpspilot-agent.")];
        }
    }
}
