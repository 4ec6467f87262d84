using System.Text.Json.Serialization;
using VpsPilot.Functions.Deployments;

namespace VpsPilot.Functions.Streams;

/// <summary>Something changed that an overview shows: what, not how it is in full.</summary>
internal sealed record Change
{
    public required ChangeKind Kind { get; init; }

    public string? ProjectId { get; init; }

    public string? DeploymentId { get; init; }

    public string? NodeId { get; init; }

    /// <summary>A deployment's status, a node's state, or an alert's code.</summary>
    public required string Status { get; init; }

    /// <summary>Why, or what, in one line; null where there is nothing to say.</summary>
    public string? Summary { get; init; }

    public required DateTimeOffset At { get; init; }

    public static Change Of(Deployment deployment, DateTimeOffset at) => new()
    {
        Kind = ChangeKind.Deployment,
        ProjectId = deployment.ProjectId,
        DeploymentId = deployment.Id,
        Status = deployment.Status.Name(),
        Summary = deployment.Summary,
        At = at,
    };
}

/// <summary>What a change is of.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChangeKind>))]
internal enum ChangeKind
{
    [JsonStringEnumMemberName("deployment")] Deployment,
    [JsonStringEnumMemberName("node")] Node,
    [JsonStringEnumMemberName("alert")] Alert,
}
