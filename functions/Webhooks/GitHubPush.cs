using System.Text.Json.Serialization;

namespace VpsPilot.Functions.Webhooks;

/// <summary>The part of GitHub's <c>push</c> payload that matters here; everything else is skipped unread.</summary>
/// <remarks>Source: GitHub documentation, "Webhook events and payloads", push.</remarks>
internal sealed record GitHubPush
{
    /// <summary>For example <c>refs/heads/main</c>.</summary>
    public string? Ref { get; init; }

    /// <summary>The commit after the push; zeros when the ref was deleted.</summary>
    public string? After { get; init; }

    public bool Deleted { get; init; }

    [JsonPropertyName("head_commit")]
    public GitHubCommit? HeadCommit { get; init; }

    public GitHubPusher? Pusher { get; init; }
}

internal sealed record GitHubCommit(string? Message);

internal sealed record GitHubPusher(string? Name);

/// <summary>Answer to a delivery that starts a deployment.</summary>
internal sealed record DeliveryAccepted(string DeploymentId);

/// <summary>Answer to a delivery that is right and starts nothing.</summary>
internal sealed record DeliveryIgnored(string Ignored);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GitHubPush))]
[JsonSerializable(typeof(DeliveryAccepted))]
[JsonSerializable(typeof(DeliveryIgnored))]
internal sealed partial class WebhooksJson : JsonSerializerContext;
