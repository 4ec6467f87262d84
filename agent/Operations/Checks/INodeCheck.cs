using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Operations.Checks;

/// <summary>One thing that a doctor looks at.</summary>
internal interface INodeCheck
{
    /// <summary>Name of its findings.</summary>
    string Name { get; }

    /// <summary>What it found; at least one finding.</summary>
    Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken);
}
