using System.Text.Json.Serialization;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;

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

    [JsonIgnore]
    public ReleasePlace Place => new(ReleaseId, StorePath, Config.Root);

    /// <summary>Store path of the compiled tree; null in releases of agents that did not write it down.</summary>
    public string? TreePath { get; init; }

    public required long ClosureBytes { get; init; }

    /// <summary>The commit's config, with the type's defaults.</summary>
    public required ProjectConfig Config { get; init; }

    /// <summary>Where the config's values stand in its file, by path; empty in releases of agents that did not write it down.</summary>
    public IReadOnlyDictionary<string, int> Lines { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    public required DateTimeOffset BuiltAt { get; init; }

    /// <summary>Generation of the project's profile; null until it is activated.</summary>
    public int? Generation { get; init; }

    /// <summary>When it last went through its watch window; null when it never did. Only such a release is gone back to.</summary>
    public DateTimeOffset? ProvedAt { get; init; }

    /// <summary>The release that served before this one, when it proved itself for the first time; null when none did.</summary>
    public string? Followed { get; init; }

    /// <summary>A mistake of the config that is found when the release is to serve, with its line.</summary>
    public Failure Locate(Failure failure) => new ConfigLines(Lines).Locate(failure);
}

/// <summary>Source-generated JSON of what lies in a project's folder.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true, AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(ReleaseManifest))]
[JsonSerializable(typeof(ProjectState))]
[JsonSerializable(typeof(ActivationIntent))]
internal sealed partial class ReleasesJson : JsonSerializerContext;
