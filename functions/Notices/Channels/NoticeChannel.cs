using System.Text.Json.Serialization;

namespace VpsPilot.Functions.Notices.Channels;

/// <summary>Where notices go, as stored; what is secret about it is in the secret store.</summary>
internal sealed record NoticeChannel
{
    public required string Name { get; init; }

    /// <summary>The project whose notices go there; null for all projects and nodes.</summary>
    public string? ProjectId { get; init; }

    public required ChannelKind Kind { get; init; }

    public required IReadOnlyList<NoticeKind> Events { get; init; }

    public EmailSettings? Email { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>How a channel is reached.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChannelKind>))]
internal enum ChannelKind
{
    /// <summary>A signed POST of the notice as JSON.</summary>
    [JsonStringEnumMemberName("webhook")] Webhook,

    [JsonStringEnumMemberName("slack")] Slack,

    [JsonStringEnumMemberName("discord")] Discord,

    [JsonStringEnumMemberName("email")] Email,
}

/// <summary>A mail server and who writes to whom.</summary>
internal sealed record EmailSettings
{
    public string? Host { get; init; }

    /// <summary>Default: 465 with <c>tls</c>, else 587.</summary>
    public int? Port { get; init; }

    public MailSecurity Security { get; init; } = MailSecurity.StartTls;

    /// <summary>Null to log in to nothing.</summary>
    public string? User { get; init; }

    public string? From { get; init; }

    public IReadOnlyList<string>? To { get; init; }
}

/// <summary>How the connection to a mail server is protected.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MailSecurity>))]
internal enum MailSecurity
{
    /// <summary>Upgraded before anything is said; a server that cannot is refused.</summary>
    [JsonStringEnumMemberName("starttls")] StartTls,

    /// <summary>TLS from the first byte.</summary>
    [JsonStringEnumMemberName("tls")] Tls,

    /// <summary>Plain; for a server on this machine.</summary>
    [JsonStringEnumMemberName("none")] None,
}

/// <summary>What is secret about a channel.</summary>
/// <param name="Url">Address of a webhook, of Slack or of Discord, which is all it takes to write there.</param>
/// <param name="Secret">What a generic webhook is signed with.</param>
/// <param name="Password">Of the mail server.</param>
internal sealed record ChannelSecrets(string? Url, string? Secret, string? Password);

/// <summary>How a channel did lately.</summary>
internal sealed record ChannelState(DateTimeOffset? LastSentAt, string? LastError, DateTimeOffset? LastErrorAt);
