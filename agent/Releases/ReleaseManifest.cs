using System.Text.Json.Serialization;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Releases;

/// <summary>What is known of a release on this node.</summary>
internal sealed record ReleaseManifest
{
    /// <summary>The deployment that built it.</summary>
    public required string ReleaseId { get; init; }

    /// <summary>Full commit id.</summary>
    public required string Commit { get; init; }

    /// <summary>First line of the commit's message.</summary>
    public string? Subject { get; init; }

    public required string StorePath { get; init; }

    public required long ClosureBytes { get; init; }

    /// <summary>The commit's config, with the type's defaults.</summary>
    public required ProjectConfig Config { get; init; }

    public required DateTimeOffset BuiltAt { get; init; }

    /// <summary>Generation of the project's profile; null until it is activated.</summary>
    public int? Generation { get; init; }

    /// <summary>When it last went through its watch window; null when it never did. Only such a release is gone back to.</summary>
    public DateTimeOffset? ProvedAt { get; init; }
}

/// <summary>What is known of a project on this node.</summary>
internal sealed record ProjectState
{
    /// <summary>The loopback port of its app.</summary>
    public required int Port { get; init; }
}

/// <summary>An activation: from what, to what, and how it ended. Written before anything is touched.</summary>
internal sealed record ActivationIntent
{
    public required string CommandId { get; init; }

    /// <summary>The release that served before; null when none did.</summary>
    public string? From { get; init; }

    /// <summary>The release to serve.</summary>
    public required string To { get; init; }

    /// <summary>The unit is, or may be, changed. Before that there is nothing to put back but the profile.</summary>
    public bool IsTouched { get; init; }

    /// <summary>Why <see cref="To"/> is given up and <see cref="From"/> put back; null while it is not.</summary>
    public Failure? Failure { get; init; }

    /// <summary>It is put back because the command was canceled.</summary>
    public bool IsCanceled { get; init; }

    /// <summary>The answer; null while it is under way.</summary>
    public CommandResult? Result { get; init; }
}

/// <summary>Source-generated JSON of what lies in a project's folder.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true, AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(ReleaseManifest))]
[JsonSerializable(typeof(ProjectState))]
[JsonSerializable(typeof(ActivationIntent))]
internal sealed partial class ReleasesJson : JsonSerializerContext;
