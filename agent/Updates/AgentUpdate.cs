using System.Text.Json;
using System.Text.Json.Serialization;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;

namespace VpsPilot.Agent.Updates;

/// <summary>An update under way. Written before anything is replaced, and gone when the new agent has reported.</summary>
internal sealed record AgentUpdate
{
    public required string CommandId { get; init; }

    public required string Version { get; init; }

    /// <summary>SHA-256 of the new binary, hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The binary that is replaced.</summary>
    public required string Binary { get; init; }

    /// <summary>The new agent did not report in time, and the old one is back.</summary>
    public bool IsPutBack { get; init; }

    /// <summary>The binary that was there before.</summary>
    [JsonIgnore]
    public string Old => Binary + ".old";

    /// <summary>The binary to come.</summary>
    [JsonIgnore]
    public string New => Binary + ".new";

    /// <summary>Null when no update is under way.</summary>
    public static AgentUpdate? Load(AgentPaths paths) => File.Exists(paths.Update) ? JsonSerializer.Deserialize(File.ReadAllBytes(paths.Update), UpdatesJson.Default.AgentUpdate) : null;

    public void Save(AgentPaths paths) => DurableFile.Write(paths.Update, JsonSerializer.SerializeToUtf8Bytes(this, UpdatesJson.Default.AgentUpdate));

    public static void Forget(AgentPaths paths) => File.Delete(paths.Update);
}

/// <summary>Source-generated JSON of <see cref="AgentUpdate"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(AgentUpdate))]
internal sealed partial class UpdatesJson : JsonSerializerContext;
