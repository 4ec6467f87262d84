using System.Text.Json.Serialization;

namespace VpsPilot.Functions.Notices.GitHub;

/// <summary>Body of "Create a commit status".</summary>
internal sealed record CommitStatusBody(string State, string Description, string Context, string? TargetUrl);

/// <summary>Body of "Create a deployment".</summary>
internal sealed record DeploymentBody(string Ref, string Environment, string Description, bool AutoMerge, IReadOnlyList<string> RequiredContexts, DeploymentPayload Payload);

/// <summary>What we find a deployment by again.</summary>
internal sealed record DeploymentPayload(string? Vpspilot);

/// <summary>Body of "Create a deployment status".</summary>
internal sealed record DeploymentStatusBody(string State, string Description, string Environment, string? LogUrl, bool AutoInactive);

/// <summary>The part of a deployment on GitHub that matters here.</summary>
internal sealed record GitHubDeployment(long Id, System.Text.Json.JsonElement? Payload);

/// <summary>Which deployment on GitHub belongs to one of ours, as stored.</summary>
internal sealed record GitHubDeploymentId(long Id);

/// <summary>Source-generated JSON in GitHub's spelling.</summary>
/// <remarks>Source: GitHub REST API documentation, "Commit statuses", "Deployments", "Deployment statuses".</remarks>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CommitStatusBody))]
[JsonSerializable(typeof(DeploymentBody))]
[JsonSerializable(typeof(DeploymentStatusBody))]
[JsonSerializable(typeof(GitHubDeployment))]
[JsonSerializable(typeof(GitHubDeployment[]))]
[JsonSerializable(typeof(GitHubDeploymentId))]
internal sealed partial class GitHubJson : JsonSerializerContext;
