using System.Security.Cryptography.X509Certificates;

namespace VpsPilot.Embedded.Broker;

/// <summary>Settings of the embedded broker. They are read once, when the host starts.</summary>
public sealed class EmbeddedBrokerOptions
{
    /// <summary>Path of the SQLite file that holds queues, rules and messages. Its folder is created when missing. Required.</summary>
    public string DatabasePath { get; set; } = "";

    /// <summary>
    /// Where the AMQP 1.0 listener binds: <c>amqp://host:port</c> or, with <see cref="Certificate"/>, <c>amqps://host:port</c>.
    /// The host is an IP address. Port 0 takes any free port; <see cref="IBroker.AmqpEndpoint"/> then tells which.
    /// </summary>
    public Uri AmqpEndpoint { get; set; } = new("amqp://127.0.0.1:5672");

    /// <summary>The server certificate with its private key; needed for <c>amqps</c>.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Asked for the server certificate at each new connection, in place of <see cref="Certificate"/>; so it can be renewed.</summary>
    public Func<X509Certificate2>? CertificateSource { get; set; }

    /// <summary>Name of the rule that may do everything in the whole namespace.</summary>
    public string RootKeyName { get; set; } = "RootManageSharedAccessKey";

    /// <summary>Key of the root rule, used as it stands (UTF-8) to sign tokens. Required.</summary>
    public string RootKey { get; set; } = "";

    /// <summary>The settings of a queue that is created without its own.</summary>
    public QueueSettings QueueDefaults { get; set; } = new();

    /// <summary>The greatest encoded size of one message, in bytes. A larger one is refused with <c>amqp:link:message-size-exceeded</c>.</summary>
    public int MaxMessageSizeBytes { get; set; } = 1024 * 1024;

    /// <summary>How many bytes of messages may wait for the disk before senders are held back.</summary>
    public int MaxPendingWriteBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How many headers of ready messages one queue keeps in memory. Bodies always stay on disk.</summary>
    public int ReadyPageSize { get; set; } = 1000;

    /// <summary>How many messages one receiving link may hold unsettled, whatever credit it grants.</summary>
    public int MaxUnsettledPerLink { get; set; } = 2000;

    /// <summary>Called by the thread that has written to a connection, before it goes on. For tests that hold it there.</summary>
    internal Action? Written { get; set; }
}
