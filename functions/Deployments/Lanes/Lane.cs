namespace VpsPilot.Functions.Deployments.Lanes;

/// <summary>The one lane of a project, as stored: who is in it, and who waits.</summary>
internal sealed record Lane
{
    /// <summary>The deployment that builds or activates; null when the lane is free.</summary>
    public string? Active { get; init; }

    public IReadOnlyList<Waiting> Waiting { get; init; } = [];

    /// <summary>The newest deployment that ever came, rollbacks left out; null when there was none.</summary>
    public Waiting? Newest { get; init; }

    /// <summary>Who is next: rollbacks in the order of arrival, then the newest deployment.</summary>
    public Waiting? Next => Waiting.Where(w => w.IsRollback).MinBy(w => w.ArrivedAt) ?? Waiting.MaxBy(w => w.ArrivedAt);

    public Lane Without(string id) => this with { Waiting = [.. Waiting.Where(w => w.Id != id)] };
}

/// <summary>A deployment that waits for the lane.</summary>
internal sealed record Waiting(string Id, DateTimeOffset ArrivedAt, bool IsRollback);

/// <summary>What a deployment is told when it asks for the lane.</summary>
/// <param name="Stop">It is to end instead; null otherwise.</param>
/// <param name="IsTurn">It has the lane.</param>
/// <param name="Stopped">Other deployments that were asked to stop for it and should be told.</param>
internal sealed record LaneAnswer(StopRequest? Stop, bool IsTurn, IReadOnlyList<string> Stopped);
