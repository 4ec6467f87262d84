using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Amqp;
using Amqp.Framing;
using Amqp.Handler;
using Amqp.Sasl;

namespace VpsPilot.Messaging.Amqp;

/// <summary>One open connection with its session and the tokens put on it. It is not repaired; a new one takes its place.</summary>
internal sealed class QueueConnection : IAsyncDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly QueueConnectionOptions options;
    private readonly TimeProvider time;
    private readonly Connection connection;
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly HashSet<string> authorized = new(StringComparer.OrdinalIgnoreCase);
    private readonly ITimer renewal;
    private RequestResponse? cbs;

    private QueueConnection(QueueConnectionOptions options, TimeProvider time, Connection connection)
    {
        this.options = options;
        this.time = time;
        this.connection = connection;
        Session = new Session(connection);
        var period = options.TokenLifetime * 0.75;
        renewal = time.CreateTimer(_ => _ = RenewAsync(), null, period, period);
    }

    public Session Session { get; }

    public bool IsOpen => !connection.IsClosed && !Session.IsClosed;

    public static async Task<QueueConnection> OpenAsync(
        QueueConnectionOptions options, TimeProvider time, IHandler? handler, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory();
        factory.TCP.NoDelay = true;
        factory.SASL.Profile = SaslProfile.Anonymous;
        factory.AMQP.ContainerId = "vpspilot-" + Guid.NewGuid().ToString("N");
        factory.AMQP.HostName = options.Endpoint.Host;
        factory.AMQP.IdleTimeout = 60_000;
        factory.AMQP.MaxFrameSize = 64 * 1024;
        factory.SSL.Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (options.Tls?.CertificateAuthorityPem is { } pem)
        {
            var authority = X509Certificate2.CreateFromPem(pem);
            factory.SSL.RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(authority, certificate, errors);
        }
        var address = new Address(options.Endpoint.Host, options.Port, null, null, "/", options.Endpoint.Scheme);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.OperationTimeout);
        // The library does not watch the token while SASL is negotiated.
        var opening = factory.CreateAsync(address, limit.Token, handler);
        try
        {
            return new QueueConnection(options, time, await opening.WaitAsync(limit.Token));
        }
        catch (Exception e) when (AmqpErrors.IsTransport(e))
        {
            _ = opening.ContinueWith(static late => _ = late.IsCompletedSuccessfully ? late.Result.CloseAsync() : late.Exception as object, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
            throw AmqpErrors.From(e is OperationCanceledException ? new TimeoutException() : e, $"No connection to {options.Endpoint}");
        }
    }

    /// <summary>Puts a token for the queue, once; it is renewed from then on.</summary>
    public async Task AuthorizeAsync(string queue, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (authorized.Contains(queue))
                return;
            cbs ??= await RequestResponse.OpenAsync(Session, "$cbs", options.OperationTimeout, cancellationToken);
            await PutTokenAsync(queue, cancellationToken);
            authorized.Add(queue);
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await renewal.DisposeAsync();
        try
        {
            await connection.CloseAsync(CloseTimeout, null);
        }
        catch (Exception e) when (AmqpErrors.IsTransport(e))
        {
            // It was broken already.
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            await gate.WaitAsync();
            try
            {
                foreach (var queue in authorized)
                    await PutTokenAsync(queue, CancellationToken.None);
            }
            finally
            {
                gate.Release();
            }
        }
        catch (Exception e) when (AmqpErrors.IsTransport(e))
        {
            // Without a valid token the links would end one by one; a fresh connection tells its users at once.
            await DisposeAsync();
        }
    }

    private Task<Message> PutTokenAsync(string queue, CancellationToken cancellationToken)
    {
        var resource = $"amqp://{options.Endpoint.Host}/{queue}";
        var token = SharedAccessToken.Create(resource, options.KeyName, options.Key, time.GetUtcNow() + options.TokenLifetime);
        return cbs!.AskAsync(
            new Message
            {
                ApplicationProperties = new ApplicationProperties
                {
                    ["operation"] = "put-token",
                    ["type"] = "servicebus.windows.net:sastoken",
                    ["name"] = resource,
                },
                BodySection = new AmqpValue { Value = token },
            },
            cancellationToken);
    }

    // The pinned authority replaces the system's trust; the name of the host is still checked.
    private static bool IsTrusted(X509Certificate2 authority, X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var server = new X509Certificate2(certificate);
        return chain.Build(server);
    }
}
