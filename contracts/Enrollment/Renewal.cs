namespace VpsPilot.Contracts.Enrollment;

/// <summary>
/// What an agent asks for when a <see cref="Commands.RotateKeysCommand"/> came: its new public keys. It is the payload of the
/// <see cref="SignedMessage"/> in the body of <c>POST /api/agent/renew</c>, signed with the key that the control plane knows so far. The answer is a
/// <see cref="SealedBox"/> with an <see cref="EnrollResponse"/>, sealed to the new key.
/// </summary>
public sealed record RenewRequest
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>Id of the command that asked for it; the context of the sealed answer is <see cref="ContextOf"/> of it.</summary>
    public required string CommandId { get; init; }

    /// <summary>New ECDSA P-256 public key: SubjectPublicKeyInfo, base64.</summary>
    public required string SigningKey { get; init; }

    /// <summary>New ECDH P-256 public key: SubjectPublicKeyInfo, base64.</summary>
    public required string SealingKey { get; init; }

    /// <summary>When it was signed (UTC); refused when it is more than ten minutes from the control plane's time.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>What the sealed answer to a command's renewal is bound to.</summary>
    public static string ContextOf(string commandId) => "renew:" + commandId;
}
