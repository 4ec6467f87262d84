namespace VpsPilot.Functions.Access;

/// <summary>A token as stored, under the hash of its text.</summary>
internal sealed record AccessToken
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required Role Role { get; init; }

    /// <summary>Projects it is limited to; null for all.</summary>
    public IReadOnlyList<string>? Projects { get; init; }

    /// <summary>Start of its text, to recognise it.</summary>
    public required string Prefix { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From then on it is refused; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
