using VpsPilot.Agent.Enrollment;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Operations.Checks;

/// <summary>Does the clock agree with that of the control plane (the <c>Date</c> header, RFC 9110 6.6.1)? Commands expire by it.</summary>
internal sealed class ClockCheck(Identity identity, HttpClient http, TimeProvider time) : INodeCheck
{
    /// <summary>A Date header has whole seconds, and an answer takes a while.</summary>
    private static readonly TimeSpan Fine = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Bad = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public string Name => "clock";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var asked = time.GetUtcNow();
            using var response = await http.GetAsync(new Uri(identity.ControlPlane, "api/health"), HttpCompletionOption.ResponseHeadersRead, either.Token);
            var answered = time.GetUtcNow();
            return response.Headers.Date is { } date
                ? [Judge(asked + ((answered - asked) / 2) - date)]
                : [new(Name, FindingState.Warning, "The control plane's answer has no Date; the clock cannot be compared.", "Let the proxy in front of the control plane pass the Date header on.")];
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return [new(Name, FindingState.Error, $"{identity.ControlPlane} does not answer over HTTP: {(e is HttpRequestException ? e.Message : "no answer in time")}.", "Check name resolution and firewall of the node: logs of deployments go there.")];
        }
    }

    internal Finding Judge(TimeSpan ahead)
    {
        var skew = ahead.Duration();
        var line = FormattableString.Invariant($"The clock is {skew.TotalSeconds:0.0} s {(ahead < TimeSpan.Zero ? "behind" : "ahead of")} that of the control plane.");
        return skew <= Fine
            ? new(Name, FindingState.Ok, line, null)
            : new(Name, skew < Bad ? FindingState.Warning : FindingState.Error, line, "On the node: timedatectl set-ntp true; a wrong clock lets commands expire and certificates fail.");
    }
}
