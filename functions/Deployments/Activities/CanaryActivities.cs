using Microsoft.Azure.Functions.Worker;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments.Orchestration.Rollout;
using VpsPilot.Functions.Nodes;

namespace VpsPilot.Functions.Deployments.Activities;

/// <summary>Writes down where the canary stands, for people to see, and shows the deployment as watching.</summary>
internal sealed class RecordCanaryActivity(DeploymentStore deployments)
{
    /// <summary>That are shown by name.</summary>
    private const int MostNodes = 200;

    [Function(nameof(RecordCanaryActivity))]
    public Task Run([ActivityTrigger] CanaryRecord record, CancellationToken ct) => deployments.UpdateAsync(record.DeploymentId, d => d.Status.IsFinal() ? null : d with
    {
        Status = record.State is CanaryState.Baking or CanaryState.WaitingForApproval ? DeploymentStatus.Watching : DeploymentStatus.Activating,
        Canary = (d.Canary ?? new Canary { State = record.State, Nodes = [.. record.Nodes.Take(MostNodes)], TrafficPercent = record.TrafficPercent }) with
        {
            State = record.State,
            Until = record.Until is { } until ? new DateTimeOffset(until, TimeSpan.Zero) : null,
        },
    }, ct);
}

/// <summary>Judges the nodes that went first, by what their heartbeats count, and, at the end, by the probe.</summary>
internal sealed class JudgeCanaryActivity(DeploymentStore deployments, NodeStore nodes, CanaryProbe probe, TimeProvider time)
{
    private static readonly TrafficCount Nothing = new(0, 0);

    [Function(nameof(JudgeCanaryActivity))]
    public async Task<CanaryJudgement> Run([ActivityTrigger] CanaryQuestion question, CancellationToken ct)
    {
        var (canary, others, isFresh) = (Nothing, Nothing, true);
        foreach (var node in question.Nodes)
        {
            var sign = await nodes.GetSignAsync(node, ct);
            isFresh &= question.HeardSince is not { } since || sign?.LastSeenAt.UtcDateTime >= since;
            var serving = sign?.Serving.GetValueOrDefault(question.ProjectId);
            if (question.HeardSince is not null && isFresh && Mistake(question, node, serving) is { } mistake)
            {
                return new(true, CanaryJudge.Bad(mistake), others);
            }

            canary = serving?.ReleaseId == question.DeploymentId ? Sum(canary, serving.Traffic) : canary;
        }

        foreach (var node in question.Others)
        {
            others = Sum(others, (await nodes.GetSignAsync(node, ct))?.Serving.GetValueOrDefault(question.ProjectId)?.Traffic);
        }

        var otherTraffic = CanaryJudge.Since(question.OthersBefore, others);
        await deployments.UpdateAsync(question.DeploymentId, d => d.Canary is null ? null : d with { Canary = d.Canary with { Traffic = canary, OtherTraffic = otherTraffic, JudgedAt = time.GetUtcNow() } }, ct);
        var failure = CanaryJudge.Judge(question.Canary, canary, otherTraffic);
        return new(isFresh, failure ?? (question.HeardSince is not null && isFresh ? await ProbeAsync(question, ct) : null), others);
    }

    /// <summary>Why a node that went first is no proof at the end; null when it serves the release.</summary>
    private static string? Mistake(CanaryQuestion question, string node, ServingRelease? serving) =>
        serving is null ? $"Node {node} serves no release."
        : serving.ReleaseId != question.DeploymentId ? $"Node {node} serves release {serving.ReleaseId} again."
        : serving.Mistake() is { } why ? $"Node {node} has the release, but {why}."
        : null;

    private async Task<Failure?> ProbeAsync(CanaryQuestion question, CancellationToken ct) =>
        question.Canary.ProbeUrl is { } url && await probe.AskAsync(new Uri(url), ct) is { } mistake ? CanaryJudge.Bad($"The probe {mistake}") : null;

    private static TrafficCount Sum(TrafficCount sum, TrafficCount? more) => more is null ? sum : new(sum.Answers + more.Answers, sum.Errors + more.Errors);
}
