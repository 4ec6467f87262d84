using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VpsPilot.Functions.Tests.Notices;

/// <summary>A real SMTP server on loopback, as far as RFC 5321 and AUTH PLAIN are needed here, that keeps its mail.</summary>
public sealed class SmtpReceiver : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<Mail> mails = new();
    private readonly Task serving;

    public SmtpReceiver()
    {
        listener.Start();
        serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What it says to MAIL FROM.</summary>
    public string MailAnswer { get; set; } = "250 ok";

    /// <summary>The user and password that it lets in.</summary>
    public (string User, string Password) Login { get; set; } = ("mailer", "right");

    public IReadOnlyList<Mail> Mails => [.. mails];

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await serving;
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stop.Token);
                await TalkAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
        var recipients = new List<string>();
        string? user = null;
        await writer.WriteLineAsync("220 test ESMTP");
        while (await reader.ReadLineAsync(stop.Token) is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO" or "HELO":
                    await writer.WriteLineAsync("250-test\r\n250 AUTH PLAIN");
                    break;
                case "AUTH":
                    var parts = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[^1])).Split('\0');
                    user = (parts[1], parts[2]) == Login ? parts[1] : null;
                    await writer.WriteLineAsync(user is null ? "535 no" : "235 ok");
                    break;
                case "MAIL":
                    await writer.WriteLineAsync(MailAnswer);
                    break;
                case "RCPT":
                    recipients.Add(line);
                    await writer.WriteLineAsync("250 ok");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    mails.Enqueue(new Mail(user, [.. recipients], await ReadMailAsync(reader)));
                    await writer.WriteLineAsync("250 taken");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 ok");
                    break;
            }
        }
    }

    private async Task<string> ReadMailAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(stop.Token) is { } line && line != ".")
        {
            text.AppendLine(line);
        }

        return text.ToString();
    }
}

/// <summary>A mail as it came.</summary>
/// <param name="User">Who had logged in; null for nobody.</param>
/// <param name="Recipients">The RCPT lines.</param>
/// <param name="Text">Headers and body.</param>
public sealed record Mail(string? User, IReadOnlyList<string> Recipients, string Text);
