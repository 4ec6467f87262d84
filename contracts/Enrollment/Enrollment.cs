namespace VpsPilot.Contracts.Enrollment;

/// <summary>Body of <c>POST /api/agent/enroll</c>.</summary>
public sealed record EnrollRequest
{
    /// <summary>The one-time token of the node.</summary>
    public required string Token { get; init; }

    /// <summary>ECDSA P-256 public key the agent signs with: SubjectPublicKeyInfo, base64.</summary>
    public required string SigningKey { get; init; }

    /// <summary>ECDH P-256 public key that values are sealed to: SubjectPublicKeyInfo, base64.</summary>
    public required string SealingKey { get; init; }

    /// <summary>Version of the agent.</summary>
    public required string AgentVersion { get; init; }

    /// <summary>Facts of the node.</summary>
    public required Events.NodeFacts Facts { get; init; }
}

/// <summary>Answer to <c>POST /api/agent/enroll</c>: all an agent needs from then on. The agent keeps it with mode 0600.</summary>
public sealed record EnrollResponse
{
    /// <summary>Id of the node.</summary>
    public required string NodeId { get; init; }

    /// <summary>Where the queues are: <c>amqp://host:port</c> or <c>amqps://host:port</c>.</summary>
    public required string QueueEndpoint { get; init; }

    /// <summary>The node's own queue and a credential that can listen on it, nothing else.</summary>
    public required QueueCredential Commands { get; init; }

    /// <summary>The events queue and a credential that can send to it, nothing else.</summary>
    public required QueueCredential Events { get; init; }

    /// <summary>ECDSA P-256 public key that commands are signed with: SubjectPublicKeyInfo, base64. Pinned.</summary>
    public required string CommandKey { get; init; }

    /// <summary>The only certificate authority that <c>amqps</c> and <c>https</c> are trusted by (PEM); null for the system's trust.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>Bearer token for the agent's own HTTP endpoints.</summary>
    public required string AgentToken { get; init; }
}

/// <summary>A shared access rule on one queue.</summary>
/// <param name="Queue">Name of the queue.</param>
/// <param name="KeyName">Name of the rule.</param>
/// <param name="Key">The rule's key.</param>
public sealed record QueueCredential(string Queue, string KeyName, string Key);
