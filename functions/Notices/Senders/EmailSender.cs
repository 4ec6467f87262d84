using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using VpsPilot.Functions.Notices.Channels;

namespace VpsPilot.Functions.Notices.Senders;

/// <summary>Sends notices as plain-text mail over SMTP.</summary>
internal static class EmailSender
{
    private const int TimeoutMilliseconds = 20_000;

    public static async Task<SendOutcome> SendAsync(EmailSettings settings, string? password, Notice notice, CancellationToken ct)
    {
        using var client = new SmtpClient { Timeout = TimeoutMilliseconds };
        using var message = Compose(settings, notice);
        try
        {
            await client.ConnectAsync(settings.Host!, settings.Port ?? (settings.Security == MailSecurity.Tls ? 465 : 587), settings.Security switch
            {
                MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
                MailSecurity.StartTls => SecureSocketOptions.StartTls,
                _ => SecureSocketOptions.None,
            }, ct);
            if (settings.User is { } user)
            {
                await client.AuthenticateAsync(user, password ?? "", ct);
            }

            await client.SendAsync(message, ct);
            await client.DisconnectAsync(quit: true, ct);
            return SendOutcome.Sent;
        }
        catch (AuthenticationException)
        {
            return SendOutcome.GiveUp("The mail server refused the user or the password.");
        }
        catch (SmtpCommandException e)
        {
            var error = $"The mail server answered {(int)e.StatusCode}.";
            return (int)e.StatusCode >= 500 ? SendOutcome.GiveUp(error) : SendOutcome.Retry(error);
        }
        catch (NotSupportedException)
        {
            return SendOutcome.GiveUp("The mail server does not offer what the channel asks for: STARTTLS, or a login.");
        }
        catch (Exception e) when (e is SslHandshakeException or ProtocolException or ServiceNotConnectedException or IOException or System.Net.Sockets.SocketException or TimeoutException
            || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return SendOutcome.Retry($"The mail server could not be reached ({e.GetType().Name}).");
        }
    }

    private static MimeMessage Compose(EmailSettings settings, Notice notice)
    {
        var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(settings.From!));
        message.To.AddRange(settings.To!.Select(MailboxAddress.Parse));
        message.Subject = notice.Title;
        message.Date = notice.At;
        message.MessageId = $"{notice.Id}@vpspilot";
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = new TextPart("plain") { Text = notice.Text + (notice.Url is { } url ? $"\n\n{url}" : "") + "\n" };
        return message;
    }
}
