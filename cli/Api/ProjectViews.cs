namespace VpsPilot.Cli.Api;

/// <summary>A project.</summary>
internal sealed record ProjectView(string Id, string Repository, string Branch, IReadOnlyList<string> Nodes)
{
    public string? ConfigFile { get; init; }

    public string Provider { get; init; } = "";

    public bool AutoDeploy { get; init; }

    public string Environment { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public string WebhookUrl { get; init; } = "";

    /// <summary>Only in the answer that made the project.</summary>
    public string? WebhookSecret { get; init; }
}

/// <summary>A project to be made; what is null is left to the control plane.</summary>
internal sealed record NewProject(string Id, string Repository, IReadOnlyList<string> Nodes)
{
    public string? Branch { get; init; }

    public string? ConfigFile { get; init; }

    public string? Provider { get; init; }

    public bool? AutoDeploy { get; init; }

    public string? Environment { get; init; }
}

/// <summary>A secret value: everything but the value.</summary>
internal sealed record SecretView(string Name, int Version, DateTimeOffset UpdatedAt, string UpdatedBy, string Scope);

/// <summary>A value to be set.</summary>
internal sealed record SecretValue(string Value);

/// <summary>What setting a value came to.</summary>
/// <param name="Restart">Id of the operation that restarts the project with it; null without one.</param>
internal sealed record SetSecret(string? Restart);
