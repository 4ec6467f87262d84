using System.Text.Json;
using System.Text.Json.Serialization;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Messaging;

namespace VpsPilot.Agent.Enrollment;

/// <summary>Who this agent is, and whom it listens to. Kept with mode 0600.</summary>
/// <param name="ControlPlane">Base address of the HTTP API.</param>
/// <param name="Enrollment">What enrolment gave.</param>
/// <param name="TokenHash">SHA-256 of the token that was used (hex), to know a repeated enrolment.</param>
internal sealed record Identity(Uri ControlPlane, EnrollResponse Enrollment, string TokenHash)
{
    /// <summary>The certificate authority that was pinned at enrolment (PEM); null for the system's trust.</summary>
    public string? PinnedAuthority { get; init; }

    /// <summary>The command whose renewal gave <see cref="Enrollment"/>; null after an enrolment.</summary>
    public string? RenewedBy { get; init; }

    /// <summary>The key that commands were signed with before the renewal.</summary>
    public string? EarlierCommandKey { get; init; }

    /// <summary>When the command was made whose key for events this is (UTC): one that was made before brings an older key. Null after an enrolment.</summary>
    public DateTimeOffset? EventsKeyOf { get; init; }

    /// <summary>When the keys were renewed (UTC).</summary>
    public DateTimeOffset? RenewedAt { get; init; }

    public string NodeId => Enrollment.NodeId;

    /// <summary>How to reach a queue with its own credential.</summary>
    public QueueConnectionOptions Connection(QueueCredential credential) =>
        new()
        {
            Endpoint = new Uri(Enrollment.QueueEndpoint),
            KeyName = credential.KeyName,
            Key = credential.Key,
            Tls = (PinnedAuthority ?? Enrollment.CertificateAuthority) is { } authority ? new TlsOptions { CertificateAuthorityPem = authority } : null,
        };

    /// <summary>Null when the agent is not enrolled.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Identity? Load(AgentPaths paths)
    {
        if (!File.Exists(paths.Identity))
            return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(paths.Identity), IdentityJson.Default.Identity);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{paths.Identity} is damaged ({e.Message}); remove it and enrol again.", e);
        }
    }

    public void Save(AgentPaths paths) => DurableFile.Write(paths.Identity, JsonSerializer.SerializeToUtf8Bytes(this, IdentityJson.Default.Identity));

    /// <summary>Leaves the secrets out.</summary>
    public override string ToString() => $"{NodeId} at {ControlPlane}";
}

/// <summary>Source-generated JSON of <see cref="Identity"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Identity))]
internal sealed partial class IdentityJson : JsonSerializerContext;
