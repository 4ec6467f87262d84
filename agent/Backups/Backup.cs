using System.Text.Json.Serialization;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Backups;

/// <summary>An archive and what is in it, as written beside it.</summary>
internal sealed record Backup
{
    /// <summary>Its name without ending: the time, and a few digits that tell two of one second apart.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the archive's file.</summary>
    public required string File { get; init; }

    public required string ProjectId { get; init; }

    /// <summary>The release that served; its <c>.env</c> is in the archive.</summary>
    public required string ReleaseId { get; init; }

    /// <summary>Full commit id of that release.</summary>
    public required string Commit { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the archive, hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The command it was made for.</summary>
    public required string CommandId { get; init; }

    /// <summary>
    /// It holds what a restore replaced, a rollback left or a removal took away. It is kept like any other, and never what an emergency goes back to.
    /// </summary>
    public bool IsAside { get; init; }

    public BackupArchive ToArchive() => new(Id, ReleaseId, Commit, CreatedAt, Bytes, Sha256);
}

/// <summary>A restore under way. Written before anything is replaced.</summary>
internal sealed record RestoreIntent
{
    public required string CommandId { get; init; }

    /// <summary>The archive that was chosen.</summary>
    public required string BackupId { get; init; }

    /// <summary>Its content is in place.</summary>
    public bool IsDone { get; init; }
}

/// <summary>Source-generated JSON of backups.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(Backup))]
[JsonSerializable(typeof(RestoreIntent))]
internal sealed partial class BackupsJson : JsonSerializerContext;
