namespace VpsPilot.Messaging;

/// <summary>Where the broker is and with which rule to speak to it. The same for Azure Service Bus and for the embedded broker.</summary>
public sealed record QueueConnectionOptions
{
    /// <summary><c>amqp://host:port</c> or <c>amqps://host:port</c>. Without a port: 5672 and 5671.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Name of the shared access rule.</summary>
    public required string KeyName { get; init; }

    /// <summary>Key of the rule, used as it stands (UTF-8) to sign tokens.</summary>
    public required string Key { get; init; }

    /// <summary>How to check the server's certificate; null for the system's trust.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Base address of the HTTP management API; null for <c>https://host/</c> of <see cref="Endpoint"/>.</summary>
    public Uri? ManagementEndpoint { get; init; }

    /// <summary>How long one operation (open, attach, send, settle) may take, retries included.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a token holds; it is renewed at three quarters of that.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long handlers may go on when a receiver is stopped; then their lock is given up.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The greatest time between two attempts to connect. The first is about 0.2 s, doubling, with jitter.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The port in use.</summary>
    internal int Port => Endpoint.Port > 0 ? Endpoint.Port : Endpoint.Scheme == "amqps" ? 5671 : 5672;

    /// <summary>
    /// Reads a Service Bus connection string: <c>Endpoint=sb://host[:port]/;SharedAccessKeyName=…;SharedAccessKey=…</c>, with
    /// <c>UseDevelopmentEmulator=true</c> for plain AMQP without TLS. <c>ManagementEndpoint=http://host:port/</c> may be added.
    /// </summary>
    /// <exception cref="FormatException">A part is missing or malformed. The message never has the key.</exception>
    public static QueueConnectionOptions Parse(string connectionString)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = part.IndexOf('=');
            if (at <= 0)
                throw new FormatException("A part of the connection string has no '='.");
            parts[part[..at].Trim()] = part[(at + 1)..].Trim();
        }
        string Get(string name) => parts.TryGetValue(name, out var value) && value.Length > 0
            ? value
            : throw new FormatException($"The connection string has no {name}.");

        if (!Uri.TryCreate(Get("Endpoint"), UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("sb" or "amqp" or "amqps"))
            throw new FormatException("The Endpoint of the connection string is not an sb://, amqp:// or amqps:// address.");
        var plain = endpoint.Scheme == "amqp" || string.Equals(parts.GetValueOrDefault("UseDevelopmentEmulator"), "true", StringComparison.OrdinalIgnoreCase);
        Uri? management = null;
        if (parts.TryGetValue("ManagementEndpoint", out var text) && !Uri.TryCreate(text, UriKind.Absolute, out management))
            throw new FormatException("The ManagementEndpoint of the connection string is not an address.");
        return new()
        {
            Endpoint = new UriBuilder(plain ? "amqp" : "amqps", endpoint.Host, endpoint.Port > 0 ? endpoint.Port : plain ? 5672 : 5671).Uri,
            KeyName = Get("SharedAccessKeyName"),
            Key = Get("SharedAccessKey"),
            ManagementEndpoint = management,
        };
    }

    /// <summary>Leaves the key out.</summary>
    public override string ToString() => $"{Endpoint} as {KeyName}";
}

/// <summary>How the server proves who it is.</summary>
public sealed record TlsOptions
{
    /// <summary>The only certificate authority that is trusted (PEM); null for the system's trust.</summary>
    public string? CertificateAuthorityPem { get; init; }
}
