using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Cli.Api;

/// <summary>A deployment.</summary>
internal sealed record DeploymentView(string Id, string ProjectId, string Status, string Branch)
{
    public string? Commit { get; init; }

    /// <summary>First line of the commit's message.</summary>
    public string? Subject { get; init; }

    public string RequestedBy { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Null until it has ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why, or what, in one line.</summary>
    public string? Summary { get; init; }

    public Failure? Failure { get; init; }

    public CanaryView? Canary { get; init; }

    /// <summary>Null in lists.</summary>
    public IReadOnlyList<DeploymentNodeView>? Nodes { get; init; }
}

/// <summary>How the nodes that go first are doing.</summary>
internal sealed record CanaryView(string State, IReadOnlyList<string> Nodes)
{
    public DateTimeOffset? Until { get; init; }
}

/// <summary>One node of a deployment.</summary>
internal sealed record DeploymentNodeView(string NodeId, string Status)
{
    public Failure? Failure { get; init; }

    public ServingRelease? Release { get; init; }

    /// <summary>Its stages so far; none in an event.</summary>
    public IReadOnlyList<StepView> Steps { get; init; } = [];
}

/// <summary>A stage on a node; without the name of the node where it stands inside of it.</summary>
internal sealed record StepView(string? NodeId, string Stage, StageState State, DateTimeOffset StartedAt)
{
    public long? DurationMilliseconds { get; init; }

    public string? Detail { get; init; }
}

/// <summary>A release that a node can go back to.</summary>
internal sealed record ReleaseView(string NodeId, string ReleaseId, int Generation, string Commit, DateTimeOffset ActivatedAt, bool IsServing);

/// <summary>A deployment to be started; null for the newest commit of the project's branch.</summary>
internal sealed record NewDeployment(string? Commit, string? Branch);
