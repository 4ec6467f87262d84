using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Functions.Deployments.Api;

/// <summary>A deployment as the API shows it.</summary>
internal sealed record DeploymentView
{
    public required string Id { get; init; }

    public required string ProjectId { get; init; }

    public required DeploymentStatus Status { get; init; }

    public required DeploymentTrigger Trigger { get; init; }

    public string? Commit { get; init; }

    public required string Branch { get; init; }

    public string? Subject { get; init; }

    public required string RequestedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public Failure? Failure { get; init; }

    /// <summary>Why, or what, in one line; null while it runs.</summary>
    public string? Summary { get; init; }

    /// <summary>How the nodes that go first are doing, and whether it is waited for an approval; null where none go first.</summary>
    public Canary? Canary { get; init; }

    /// <summary>The nodes; null in lists.</summary>
    public IReadOnlyList<DeploymentNodeView>? Nodes { get; init; }

    /// <summary>Nodes that stayed offline, and that the deployment goes on without; null in lists.</summary>
    public IReadOnlyList<string>? ExcludedNodes { get; init; }

    public static DeploymentView Of(Deployment deployment) => new()
    {
        Id = deployment.Id,
        ProjectId = deployment.ProjectId,
        Status = deployment.Status,
        Trigger = deployment.Trigger,
        Commit = deployment.Commit,
        Branch = deployment.Branch,
        Subject = deployment.Subject,
        RequestedBy = deployment.RequestedBy,
        CreatedAt = deployment.CreatedAt,
        StartedAt = deployment.StartedAt,
        FinishedAt = deployment.FinishedAt,
        Failure = deployment.Failure,
        Summary = deployment.Summary,
        Canary = deployment.Canary,
    };
}

/// <summary>One node of a deployment.</summary>
internal sealed record DeploymentNodeView
{
    public required string NodeId { get; init; }

    /// <summary>The stage that runs, or ran last; null before the first.</summary>
    public string? Stage { get; init; }

    public required NodeStatus Status { get; init; }

    public ServingRelease? Release { get; init; }

    public Failure? Failure { get; init; }

    public required IReadOnlyList<StepView> Steps { get; init; }

    public static DeploymentNodeView Of(string nodeId, DeploymentNode? node, IEnumerable<DeploymentStep> steps)
    {
        var own = steps.Where(s => s.NodeId == nodeId).ToList();
        return new()
        {
            NodeId = nodeId,
            Stage = own.LastOrDefault()?.Stage,
            Status = node?.Status ?? NodeStatus.Pending,
            Release = node?.Release,
            Failure = node?.Failure,
            Steps = [.. own.Select(s => new StepView(s.Stage, s.State, s.StartedAt, s.DurationMilliseconds, s.Detail))],
        };
    }
}

/// <summary>One stage on one node.</summary>
internal sealed record StepView(string Stage, StageState State, DateTimeOffset StartedAt, long? DurationMilliseconds, string? Detail);

/// <summary>A release that a node can go back to.</summary>
internal sealed record ReleaseView(string NodeId, string ReleaseId, int Generation, string Commit, string StorePath, DateTimeOffset ActivatedAt, bool IsServing);
