using System.Text.Json.Serialization;

namespace VpsPilot.Functions.Deployments;

/// <summary>Where a deployment stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeploymentStatus>))]
internal enum DeploymentStatus
{
    [JsonStringEnumMemberName("queued")] Queued,
    [JsonStringEnumMemberName("building")] Building,
    [JsonStringEnumMemberName("activating")] Activating,
    [JsonStringEnumMemberName("watching")] Watching,
    [JsonStringEnumMemberName("succeeded")] Succeeded,
    [JsonStringEnumMemberName("failed")] Failed,
    [JsonStringEnumMemberName("rolled-back")] RolledBack,
    [JsonStringEnumMemberName("canceled")] Canceled,
    [JsonStringEnumMemberName("superseded")] Superseded,
}

/// <summary>Where one node stands in a deployment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NodeStatus>))]
internal enum NodeStatus
{
    [JsonStringEnumMemberName("pending")] Pending,
    [JsonStringEnumMemberName("building")] Building,
    [JsonStringEnumMemberName("built")] Built,
    [JsonStringEnumMemberName("activating")] Activating,
    [JsonStringEnumMemberName("succeeded")] Succeeded,
    [JsonStringEnumMemberName("failed")] Failed,
    [JsonStringEnumMemberName("rolled-back")] RolledBack,
    [JsonStringEnumMemberName("canceled")] Canceled,
    [JsonStringEnumMemberName("lost")] Lost,
    [JsonStringEnumMemberName("excluded")] Excluded,
}

/// <summary>What started a deployment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeploymentTrigger>))]
internal enum DeploymentTrigger
{
    [JsonStringEnumMemberName("webhook")] Webhook,
    [JsonStringEnumMemberName("api")] Api,
    [JsonStringEnumMemberName("rollback")] Rollback,
}

internal static class DeploymentStatuses
{
    /// <summary>As the API writes it.</summary>
    public static string Name(this DeploymentStatus status) => status == DeploymentStatus.RolledBack ? "rolled-back" : status.ToString().ToLowerInvariant();

    public static bool IsFinal(this DeploymentStatus status) => status >= DeploymentStatus.Succeeded;

    /// <summary>Nothing that serves has been touched yet, so a newer deployment may take the place of this one.</summary>
    public static bool IsBeforeSwitch(this DeploymentStatus status) => status is DeploymentStatus.Queued or DeploymentStatus.Building;

    /// <summary>Whether the deployment may be stopped: for a newer one only before it switches anything, by a person at any time.</summary>
    public static bool MayStop(this DeploymentStatus status, StopKind kind) => kind == StopKind.Canceled ? !status.IsFinal() : status.IsBeforeSwitch();
}
