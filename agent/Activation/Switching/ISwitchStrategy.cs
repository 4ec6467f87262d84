using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Hosting;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Activation.Switching;

/// <summary>
/// The way in which one release takes the place of another. Each step may be called again after a crash, and then goes on from what it finds.
/// </summary>
internal interface ISwitchStrategy
{
    /// <summary>Starts the new release in its slot.</summary>
    Task<Result<StartedRelease>> StartAsync(SwitchRun run, CancellationToken cancellationToken);

    /// <summary>Gives the new release, which is healthy, the traffic.</summary>
    /// <returns>Null when it answers.</returns>
    Task<Failure?> SwitchAsync(SwitchRun run, CancellationToken cancellationToken);

    /// <summary>Puts the earlier release back, or where there was none, stops the new one.</summary>
    Task<Failure?> BackAsync(SwitchRun run, CancellationToken cancellationToken);
}
