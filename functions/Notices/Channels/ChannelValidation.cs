using MimeKit;
using VpsPilot.Contracts;

namespace VpsPilot.Functions.Notices.Channels;

/// <summary>Checks a channel before it is stored; lists every mistake.</summary>
internal static class ChannelValidation
{
    private const int MaxRecipients = 20;

    public static IReadOnlyList<Problem> Check(ChannelRequest request, ChannelSecrets secrets)
    {
        var errors = new List<Problem>();
        if (request.Kind is not { } kind)
        {
            return [new("$.kind", "must be webhook, slack, discord or email.")];
        }

        if (request.Events is { } events && (events.Count == 0 || events.Contains(NoticeKind.Test)))
        {
            errors.Add(new("$.events", "must name at least one of failed, rolled-back, recovered, node-offline, node-online, drift, alert and emergency; leave it out for all."));
        }

        if (kind == ChannelKind.Email)
        {
            errors.AddRange(Check(request.Email));
        }
        else if (!Uri.TryCreate(secrets.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || secrets.Url.Length > 2000)
        {
            errors.Add(new("$.url", "must be an http or https address."));
        }

        if (request.Secret is { Length: < 16 or > 200 })
        {
            errors.Add(new("$.secret", "must be 16 to 200 characters; one is made where it is left out."));
        }

        return errors;
    }

    private static IEnumerable<Problem> Check(EmailSettings? email)
    {
        if (email is null)
        {
            yield return new("$.email", "is required: host, from and to.");
            yield break;
        }

        if (Uri.CheckHostName(email.Host) == UriHostNameType.Unknown)
        {
            yield return new("$.email.host", "must be the name or address of a mail server.");
        }

        if (email.Port is < 1 or > 65535)
        {
            yield return new("$.email.port", "must be 1 to 65535.");
        }

        if (!IsAddress(email.From))
        {
            yield return new("$.email.from", "must be a mail address.");
        }

        if (email.To is not { Count: > 0 and <= MaxRecipients } || !email.To.All(IsAddress))
        {
            yield return new("$.email.to", $"must be 1 to {MaxRecipients} mail addresses.");
        }
    }

    private static bool IsAddress(string? text) => text is { Length: <= 200 } && !text.Any(char.IsControl) && MailboxAddress.TryParse(text, out var address) && address.Address.Contains('@', StringComparison.Ordinal);
}
