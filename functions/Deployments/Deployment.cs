using System.Text.Json.Serialization;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments.Orchestration;

namespace VpsPilot.Functions.Deployments;

/// <summary>A deployment as stored.</summary>
internal sealed record Deployment
{
    public required string Id { get; init; }

    public required string ProjectId { get; init; }

    public required DeploymentStatus Status { get; init; }

    public required DeploymentTrigger Trigger { get; init; }

    /// <summary>Full commit id; null while it is not known (the head of the branch was asked for).</summary>
    public string? Commit { get; init; }

    public required string Branch { get; init; }

    /// <summary>First line of the commit's message; null while unknown.</summary>
    public string? Subject { get; init; }

    public required string RequestedBy { get; init; }

    /// <summary>When it arrived; no two of one process have the same, so it is also the order of arrival.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The nodes it is for.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>W3C trace context of the request that asked for it.</summary>
    public string? TraceParent { get; init; }

    /// <summary>For a rollback: where to.</summary>
    public RollBackTarget? RollBackTo { get; init; }

    /// <summary>Set when it is to stop.</summary>
    public StopRequest? Stop { get; init; }

    /// <summary>The commit's <c>deployment</c> block; null until a node has built.</summary>
    public DeploymentConfig? Config { get; init; }

    /// <summary>How the nodes that go first are doing; null where none go first.</summary>
    public Canary? Canary { get; init; }

    public Failure? Failure { get; init; }

    /// <summary>Why, or what, in one line; null while it runs.</summary>
    public string? Summary { get; init; }

    /// <summary>This row names every node as well; that of the node has all of them.</summary>
    private const int MostProblems = 10;

    /// <summary>The deployment as it is at its end. One that was canceled ends as canceled also when something failed meanwhile, unless something could not be put back.</summary>
    public Deployment End(DeploymentEnd end, DateTimeOffset now)
    {
        var isCanceled = Stop?.Kind == StopKind.Canceled && !end.IsMixed && end.Status != DeploymentStatus.Canceled;
        return this with
        {
            Status = isCanceled ? DeploymentStatus.Canceled : end.Status,
            Failure = end.Failure is { Problems.Count: > MostProblems } failure ? failure with { Problems = [.. failure.Problems.Take(MostProblems)] } : end.Failure,
            Summary = isCanceled ? $"Canceled by {Stop!.By}. {end.Summary}" : end.Summary,
            FinishedAt = now,
        };
    }
}

/// <summary>Where a rollback goes; nothing said means the release before the serving one.</summary>
/// <param name="Generation">A generation of the node's profile.</param>
/// <param name="ReleaseId">A release.</param>
internal sealed record RollBackTarget(int? Generation, string? ReleaseId)
{
    /// <summary>To the release in the slot without traffic.</summary>
    public bool OtherSlot { get; init; }

    /// <summary>To the last backup archive: its release, its data and its <c>.env</c>.</summary>
    public bool FromBackup { get; init; }

    /// <summary>With the secret values of now, not those that the release had.</summary>
    public bool RenewEnvironment { get; init; }
}

/// <summary>A wish that a deployment ends, with everything that it switched put back.</summary>
/// <param name="Kind">How it then ends.</param>
/// <param name="By">Who asked for it, or the newer deployment.</param>
internal sealed record StopRequest(StopKind Kind, string By);

/// <summary>Why a deployment is stopped.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StopKind>))]
internal enum StopKind
{
    [JsonStringEnumMemberName("canceled")] Canceled,
    [JsonStringEnumMemberName("superseded")] Superseded,
}

/// <summary>One node of a deployment as stored.</summary>
internal sealed record DeploymentNode
{
    public required string NodeId { get; init; }

    public required NodeStatus Status { get; init; }

    public Failure? Failure { get; init; }

    /// <summary>What served after the last command of this deployment.</summary>
    public ServingRelease? Release { get; init; }
}

/// <summary>One stage on one node as stored.</summary>
internal sealed record DeploymentStep
{
    public required string NodeId { get; init; }

    public required string Stage { get; init; }

    public required StageState State { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public long? DurationMilliseconds { get; init; }

    public string? Detail { get; init; }
}

/// <summary>Points from the order of arrival to a deployment.</summary>
internal sealed record DeploymentReference(string Id);
