using System.Globalization;
using VpsPilot.Agent.Edge;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Releases;

namespace VpsPilot.Agent.Activation.Slots;

/// <summary>What a slot that lost the traffic still does.</summary>
internal sealed record Draining(string Detail);

/// <summary>Lets a slot that lost the traffic finish the requests it has, websockets too, within the time its project allows.</summary>
internal sealed class SlotDrain(ReleaseStore releases, CaddyAdmin admin, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    /// <summary>Says what the old slot still has to do. It does so on its own; nothing waits for it.</summary>
    public async Task<Result<Draining>> BeginAsync(string project, CancellationToken cancellationToken)
    {
        if (releases.State(project)?.Retiring is not { } retiring)
            return new Draining("nothing to drain");
        var open = await OpenAsync(project, retiring.Slot, cancellationToken);
        var kept = string.Create(CultureInfo.InvariantCulture, $"the {retiring.Slot.Word()} slot is kept until {(open > 0 && retiring.DrainUntil > retiring.StopAt ? retiring.DrainUntil : retiring.StopAt):HH:mm:ss} UTC");
        return new Draining(open == 0 ? kept : $"{open} request(s) finish there; {kept}");
    }

    /// <summary>Returns when no request is open, or at the end of the time.</summary>
    public async Task WaitAsync(string project, Retirement retiring, CancellationToken cancellationToken)
    {
        while (time.GetUtcNow() < retiring.DrainUntil && await OpenAsync(project, retiring.Slot, cancellationToken) > 0)
            await Task.Delay(Poll, time, cancellationToken);
    }

    /// <summary>Requests that are open to a slot through the edge.</summary>
    public async Task<int> OpenAsync(string project, Slot slot, CancellationToken cancellationToken) =>
        releases.State(project) is { } state ? await admin.InFlightAsync(state.PortOf(slot), cancellationToken) : 0;
}
