namespace VpsPilot.Functions.Notices.Channels;

/// <summary>Body of <c>PUT …/notices/{name}</c>. Secrets that are left out stay as they are.</summary>
internal sealed record ChannelRequest
{
    public ChannelKind? Kind { get; init; }

    /// <summary>Null for all.</summary>
    public IReadOnlyList<NoticeKind>? Events { get; init; }

    public string? Url { get; init; }

    /// <summary>For a webhook; made where it is left out.</summary>
    public string? Secret { get; init; }

    public EmailSettings? Email { get; init; }

    /// <summary>Of the mail server.</summary>
    public string? Password { get; init; }
}

/// <summary>A channel as the API shows it.</summary>
internal sealed record ChannelView
{
    public required string Name { get; init; }

    public string? ProjectId { get; init; }

    public required ChannelKind Kind { get; init; }

    public required IReadOnlyList<NoticeKind> Events { get; init; }

    public EmailSettings? Email { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? LastSentAt { get; init; }

    /// <summary>Why the last message could not be sent; null when it could.</summary>
    public string? LastError { get; init; }

    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>Only in the answer that made it.</summary>
    public string? Secret { get; init; }

    public static ChannelView Of(NoticeChannel channel, ChannelState state) => new()
    {
        Name = channel.Name,
        ProjectId = channel.ProjectId,
        Kind = channel.Kind,
        Events = channel.Events,
        Email = channel.Email,
        UpdatedAt = channel.UpdatedAt,
        LastSentAt = state.LastSentAt,
        LastError = state.LastError,
        LastErrorAt = state.LastErrorAt,
    };
}

/// <summary>What became of a test message.</summary>
/// <param name="IsSent">It was taken.</param>
/// <param name="Error">Why not; null when it was.</param>
internal sealed record TestResult(bool IsSent, string? Error);
