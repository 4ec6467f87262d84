using System.Text.Json.Serialization;

namespace VpsPilot.Functions.Webhooks;

/// <summary>A delivery whose sender has been checked, in terms that all providers share.</summary>
internal sealed record Delivery
{
    /// <summary>The provider's id of the delivery.</summary>
    public string Id { get; init; } = "";

    /// <summary>What was pushed; Bitbucket tells of several refs in one delivery.</summary>
    public IReadOnlyList<Push> Pushes { get; init; } = [];

    /// <summary>Why it deploys nothing, whatever the project says; null for a push.</summary>
    public string? Ignored { get; init; }

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Malformed { get; init; }

    public static Delivery Of(string id, params IReadOnlyList<Push> pushes) => new() { Id = id, Pushes = pushes };

    public static Delivery Ignore(string reason) => new() { Ignored = reason };

    public static Delivery Malform(string detail) => new() { Malformed = detail };

    public static Delivery IgnoreEvent(string name) => Ignore($"the event '{name}' is not one that deploys");
}

/// <summary>One ref that moved.</summary>
internal sealed record Push
{
    public const string Branches = "refs/heads/";
    public const string Tags = "refs/tags/";

    /// <summary>Full name, for example <c>refs/heads/main</c>.</summary>
    public required string Reference { get; init; }

    /// <summary>The commit before; null when unknown.</summary>
    public string? Before { get; init; }

    /// <summary>The commit after.</summary>
    public string? Commit { get; init; }

    public bool IsDeleted { get; init; }

    /// <summary>Message of the commit after.</summary>
    public string? Message { get; init; }

    public string? By { get; init; }

    /// <summary>Reads every path that changed; it answers null when the delivery does not tell all of them. Called only where a project filters by path.</summary>
    public Func<IReadOnlyList<string>?>? ReadPaths { get; init; }

    /// <summary>As deployments name it: a branch by its short name, a tag by its full one.</summary>
    public string Branch => Reference.StartsWith(Branches, StringComparison.Ordinal) ? Reference[Branches.Length..] : Reference;
}

/// <summary>Answer to a delivery that starts a deployment.</summary>
internal sealed record DeliveryAccepted(string DeploymentId);

/// <summary>Answer to a delivery that is right and starts nothing.</summary>
internal sealed record DeliveryIgnored(string Ignored);

/// <summary>Source-generated JSON of the answers to deliveries.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeliveryAccepted))]
[JsonSerializable(typeof(DeliveryIgnored))]
[JsonSerializable(typeof(LastDelivery))]
[JsonSerializable(typeof(WebhookView))]
internal sealed partial class WebhooksJson : JsonSerializerContext;
