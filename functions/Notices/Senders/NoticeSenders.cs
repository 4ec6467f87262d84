using VpsPilot.Functions.Notices.Channels;

namespace VpsPilot.Functions.Notices.Senders;

/// <summary>Sends a notice through a channel.</summary>
internal sealed class NoticeSenders(ChannelStore channels, NoticeHttp http, TimeProvider time)
{
    public async Task<SendOutcome> SendAsync(NoticeChannel channel, Notice notice, CancellationToken ct)
    {
        var secrets = await channels.SecretsOfAsync(channel.ProjectId, channel.Name, ct);
        if (channel.Kind == ChannelKind.Email)
        {
            return await EmailSender.SendAsync(channel.Email!, secrets.Password, notice, ct);
        }

        if (!Uri.TryCreate(secrets.Url, UriKind.Absolute, out var url))
        {
            return SendOutcome.GiveUp("The channel has no address.");
        }

        using var request = channel.Kind switch
        {
            ChannelKind.Slack => ChatMessages.Slack(url, notice),
            ChannelKind.Discord => ChatMessages.Discord(url, notice),
            _ => SignedNotice.Request(url, notice, secrets.Secret ?? "", time.GetUtcNow()),
        };
        return (await http.SendAsync(request, ct)).Outcome;
    }
}
