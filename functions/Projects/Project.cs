using System.Text.Json;
using VpsPilot.Contracts.Config;
using VpsPilot.Functions.Secrets;

namespace VpsPilot.Functions.Projects;

/// <summary>A project as stored.</summary>
internal sealed record Project
{
    public required string Id { get; init; }

    public required string Repository { get; init; }

    public required string Branch { get; init; }

    /// <summary>Path of the config in the repository; null is <c>config.vpspilot.json</c> at its top.</summary>
    public string? ConfigFile { get; init; }

    public required IReadOnlyList<string> Nodes { get; init; }

    public required string Provider { get; init; }

    /// <summary>Deploy on a push.</summary>
    public required bool AutoDeploy { get; init; }

    public required string Environment { get; init; }

    /// <summary>Of the nodes of one system one compiles, and the others take what it compiled; default false.</summary>
    public bool BuildOnce { get; init; }

    /// <summary>What holds over the commit's <c>deployment</c> block, as JSON; null when nothing.</summary>
    public string? Deployment { get; init; }

    /// <summary>Patterns of branches whose pushes deploy; null for <see cref="Branch"/> alone.</summary>
    public IReadOnlyList<string>? Branches { get; init; }

    /// <summary>Patterns of tags whose pushes deploy; null or empty for none.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Patterns of paths of which a push must change one; null or empty for any.</summary>
    public IReadOnlyList<string>? Paths { get; init; }

    public required EncryptedValue WebhookSecret { get; init; }

    /// <summary>The secret before the last rotation; null when there was none.</summary>
    public EncryptedValue? PreviousWebhookSecret { get; init; }

    /// <summary>Until when the earlier secret counts too.</summary>
    public DateTimeOffset? PreviousWebhookSecretUntil { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Body of <c>POST /api/projects</c> and, with everything optional, of <c>PATCH /api/projects/{id}</c>.</summary>
internal sealed record ProjectRequest
{
    public string? Id { get; init; }

    public string? Repository { get; init; }

    public string? Branch { get; init; }

    public string? ConfigFile { get; init; }

    public IReadOnlyList<string>? Nodes { get; init; }

    public string? Provider { get; init; }

    public bool? AutoDeploy { get; init; }

    public string? Environment { get; init; }

    /// <summary>Of the nodes of one system one compiles, and the others take what it compiled; default false.</summary>
    public bool? BuildOnce { get; init; }

    /// <summary>What holds over the commit's <c>deployment</c> block: see <see cref="RolloutOverrides"/>; JSON null takes it away.</summary>
    public JsonElement Deployment { get; init; }

    /// <summary>The overrides as stored, when they are given; else those that are there.</summary>
    public string? DeploymentOver(string? present) => Deployment.ValueKind switch
    {
        JsonValueKind.Undefined => present,
        JsonValueKind.Null => null,
        _ => Deployment.GetRawText(),
    };

    /// <summary>Patterns; an empty list takes them back.</summary>
    public IReadOnlyList<string>? Branches { get; init; }

    /// <summary>Patterns; an empty list takes them back.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Patterns; an empty list takes them back.</summary>
    public IReadOnlyList<string>? Paths { get; init; }
}

/// <summary>A project as the API shows it.</summary>
internal sealed record ProjectView
{
    public required string Id { get; init; }

    public required string Repository { get; init; }

    public required string Branch { get; init; }

    public string? ConfigFile { get; init; }

    public required IReadOnlyList<string> Nodes { get; init; }

    public required string Provider { get; init; }

    public required bool AutoDeploy { get; init; }

    public required string Environment { get; init; }

    /// <summary>Of the nodes of one system one compiles, and the others take what it compiled.</summary>
    public required bool BuildOnce { get; init; }

    /// <summary>What holds over the commit's <c>deployment</c> block; null when nothing.</summary>
    public JsonElement? Deployment { get; init; }

    public IReadOnlyList<string>? Branches { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public IReadOnlyList<string>? Paths { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string WebhookUrl { get; init; }

    /// <summary>Only in the answer that creates the project.</summary>
    public string? WebhookSecret { get; init; }

    public static ProjectView Of(Project project, string baseUrl) => new()
    {
        Id = project.Id,
        Repository = project.Repository,
        Branch = project.Branch,
        ConfigFile = project.ConfigFile,
        Nodes = project.Nodes,
        Provider = project.Provider,
        AutoDeploy = project.AutoDeploy,
        Environment = project.Environment,
        BuildOnce = project.BuildOnce,
        Deployment = project.Deployment is { } overrides ? JsonElement.Parse(overrides) : null,
        Branches = project.Branches,
        Tags = project.Tags,
        Paths = project.Paths,
        CreatedAt = project.CreatedAt,
        WebhookUrl = $"{baseUrl}/api/webhooks/{project.Provider}/{project.Id}",
    };
}
