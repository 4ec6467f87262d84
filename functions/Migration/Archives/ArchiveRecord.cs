using System.Text.Json.Serialization;
using VpsPilot.Functions.Secrets;

namespace VpsPilot.Functions.Migration.Archives;

/// <summary>One line of an archive. The head comes first and the end last; between them documents, then secrets, then logs.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ArchiveHead), "head")]
[JsonDerivedType(typeof(ArchivedDocument), "document")]
[JsonDerivedType(typeof(ArchivedProject), "project")]
[JsonDerivedType(typeof(ArchivedSecret), "secret")]
[JsonDerivedType(typeof(ArchivedLog), "log")]
[JsonDerivedType(typeof(ArchiveEnd), "end")]
internal abstract record ArchiveRecord;

/// <summary>What the archive is.</summary>
/// <param name="Format">Version of the format.</param>
/// <param name="Archive">Its id: 32 hex digits.</param>
/// <param name="Version">Version of the control plane that wrote it.</param>
/// <param name="At">When (UTC).</param>
internal sealed record ArchiveHead(int Format, string Archive, string Version, DateTimeOffset At) : ArchiveRecord
{
    /// <summary>The format that this build writes and reads.</summary>
    public const int CurrentFormat = 1;
}

/// <summary>A document of the state, with its JSON as it is stored.</summary>
internal sealed record ArchivedDocument(string Partition, string Key, string Json) : ArchiveRecord;

/// <summary>A project with its webhook secrets, which are encrypted in the state; <paramref name="Json"/> is without them.</summary>
/// <param name="Json">The project.</param>
/// <param name="WebhookSecrets">Those that count, the newest first: one or two.</param>
internal sealed record ArchivedProject(string Json, IReadOnlyList<string> WebhookSecrets) : ArchiveRecord;

/// <summary>One version of a secret.</summary>
/// <param name="Owner">The project, or what else has secrets.</param>
/// <param name="Info">Which one.</param>
/// <param name="Value">Its value.</param>
internal sealed record ArchivedSecret(string Owner, SecretInfo Info, string Value) : ArchiveRecord;

/// <summary>A piece of a log; pieces of one log come in order.</summary>
/// <param name="Name">Name of the log.</param>
/// <param name="Offset">Bytes of the log before it.</param>
/// <param name="Bytes">The bytes.</param>
internal sealed record ArchivedLog(string Name, long Offset, byte[] Bytes) : ArchiveRecord;

/// <summary>The archive is whole.</summary>
/// <param name="Records">Records before this one, the head included.</param>
internal sealed record ArchiveEnd(long Records) : ArchiveRecord;

/// <summary>Source-generated JSON of archives.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowOutOfOrderMetadataProperties = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ArchiveRecord))]
internal sealed partial class ArchiveJson : JsonSerializerContext;
