using System.Text.Json.Serialization;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Journal;

/// <summary>One command and how far it is: taken, canceled, answered, reported.</summary>
internal sealed record JournalEntry
{
    public required CommandEnvelope Command { get; init; }

    /// <summary>When it was taken (UTC); gives the order after a restart.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>A cancel was asked for. It is durable, so that a restart in between does not start the work again.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>When it was answered (UTC); null while it is not.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The answer; null while there is none.</summary>
    public CommandResult? Result { get; init; }

    /// <summary>The answer is in the events queue.</summary>
    public bool Reported { get; init; }
}

/// <summary>Source-generated JSON of the journal.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalJson : JsonSerializerContext;
