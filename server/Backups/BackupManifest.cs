using System.Text.Json.Serialization;

namespace VpsPilot.Server.Backups;

/// <summary>What an archive holds: its last entry, so that an archive that was cut off has none.</summary>
internal sealed record BackupManifest
{
    /// <summary>Name of the entry.</summary>
    public const string Name = "manifest.json";

    /// <summary>The form of archive that this program writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The archive's form.</summary>
    public required int Format { get; init; }

    /// <summary>Version of the program that wrote it.</summary>
    public required string Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required IReadOnlyList<BackedUpFile> Files { get; init; }
}

/// <summary>One file of an archive.</summary>
/// <param name="Path">Relative to the data folder, with slashes.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Of its content, hex.</param>
internal sealed record BackedUpFile(string Path, long Size, string Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupsJson : JsonSerializerContext;
