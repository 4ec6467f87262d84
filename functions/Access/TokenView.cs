namespace VpsPilot.Functions.Access;

/// <summary>The last use of a token, as stored.</summary>
/// <param name="At">When, to the minute.</param>
/// <param name="From">From which address.</param>
internal sealed record TokenUse(DateTimeOffset At, string? From);

/// <summary>A token as the API shows it: never its text, nor the hash of it.</summary>
internal sealed record TokenView
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

    /// <summary>To the minute; null for never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public string? LastUsedFrom { get; init; }

    public static TokenView Of(AccessToken token, TokenUse? use) => new()
    {
        Id = token.Id,
        Name = token.Name,
        Role = token.Role,
        Projects = token.Projects,
        Prefix = token.Prefix,
        CreatedAt = token.CreatedAt,
        ExpiresAt = token.ExpiresAt,
        LastUsedAt = use?.At,
        LastUsedFrom = use?.From,
    };
}
