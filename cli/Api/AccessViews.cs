namespace VpsPilot.Cli.Api;

/// <summary>A token, without its text.</summary>
internal sealed record TokenView(string Id, string Name, string Role, string Prefix)
{
    /// <summary>Null for all.</summary>
    public IReadOnlyList<string>? Projects { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>A token to be made.</summary>
internal sealed record NewToken(string Name, string Role)
{
    public IReadOnlyList<string>? Projects { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A token that was made; the only time that its text is told.</summary>
internal sealed record CreatedToken(string Token, TokenView Details);

/// <summary>An entry of the audit log.</summary>
internal sealed record AuditEntry(DateTimeOffset At, string What, string Method, string Path, int Status)
{
    /// <summary>Null for a caller without a valid token.</summary>
    public string? Who { get; init; }

    public string? From { get; init; }
}

/// <summary>A wish to restart a project.</summary>
/// <param name="Environment"><c>kept</c> or <c>current</c>.</param>
internal sealed record RestartWish(string? Environment);

/// <summary>A command to be run.</summary>
internal sealed record RunWish(string? Command, string? Name, int? TimeoutSeconds, string? Node);

/// <summary>A wish for a new key for events.</summary>
/// <param name="OverlapHours">Null for the control plane's default.</param>
internal sealed record NewEventsKey(int? OverlapHours);

/// <summary>How far the change of the key for events is.</summary>
/// <param name="RotatedAt">Null for never.</param>
/// <param name="EarlierUntil">Null when the earlier key is refused.</param>
/// <param name="Waiting">Nodes that have not taken the new one.</param>
internal sealed record EventsKeyView(DateTimeOffset? RotatedAt, DateTimeOffset? EarlierUntil, IReadOnlyList<string> Waiting);

/// <summary>A new key for values at rest.</summary>
internal sealed record RotatedKey(string KeyId, int Reencrypted);
