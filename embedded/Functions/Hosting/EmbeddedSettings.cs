using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using VpsPilot.Embedded.Functions.Hosting.Tls;

namespace VpsPilot.Embedded.Functions.Hosting;

/// <summary>Settings of the embedded host, section <c>Embedded</c>.</summary>
internal sealed record EmbeddedSettings
{
    /// <summary>Addresses of the HTTP server, separated by semicolons; default <c>http://127.0.0.1:7071</c>.</summary>
    public required string Urls { get; init; }

    /// <summary>The first of them, as a program on this machine reaches it.</summary>
    public required Uri LocalUrl { get; init; }

    /// <summary>The one folder with everything that outlives a restart (mode 0700); default <c>data</c>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Address of the AMQP broker; default <c>amqp://127.0.0.1:5672</c>.</summary>
    public required Uri BrokerEndpoint { get; init; }

    /// <summary>Key of the broker's root rule; made at the first start.</summary>
    public required string BrokerKey { get; init; }

    /// <summary>The certificate in use; null where nothing is encrypted.</summary>
    public ServerCertificates? Certificates { get; init; }

    /// <summary>Path under which the broker's management API is served.</summary>
    public const string BrokerManagementPath = "/servicebus";

    public const string BrokerKeyName = "RootManageSharedAccessKey";

    public static EmbeddedSettings Read(IConfiguration configuration)
    {
        var data = Path.GetFullPath(configuration["Embedded:DataDirectory"] ?? "data");
        Directory.CreateDirectory(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var urls = configuration["Embedded:Urls"] ?? "http://127.0.0.1:7071";
        var broker = ListenAddress.Read("Embedded:Broker:Endpoint", configuration["Embedded:Broker:Endpoint"] ?? "amqp://127.0.0.1:5672", ("amqp", "amqps"));
        IReadOnlyList<Uri> addresses =
        [
            .. urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(url => ListenAddress.Read("Embedded:Urls", url, ("http", "https"))),
            broker,
        ];
        if (addresses.Count == 1)
        {
            throw new InvalidOperationException("Embedded:Urls names no address.");
        }

        Transport.RefusePlainText(addresses, string.Equals(configuration["Embedded:AllowPlainText"], "true", StringComparison.OrdinalIgnoreCase));
        return new EmbeddedSettings
        {
            Urls = urls,
            LocalUrl = ListenAddress.FromHere(addresses[0]),
            DataDirectory = data,
            BrokerEndpoint = broker,
            Certificates = addresses.Any(Transport.IsEncrypted)
                ? new ServerCertificates(CertificateAuthority.LoadOrMake(data, TimeProvider.System), Transport.Names(addresses, configuration), TimeProvider.System)
                : null,
            BrokerKey = SecretFile.ReadOrMake(Path.Combine(data, "broker.key"), () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        };
    }

    /// <summary>The settings that Azure would supply to the app.</summary>
    public IEnumerable<KeyValuePair<string, string?>> AppSettings()
    {
        var host = ListenAddress.FromHere(BrokerEndpoint).Host;
        var plain = Transport.IsEncrypted(BrokerEndpoint) ? "" : ";UseDevelopmentEmulator=true";
        yield return new("ServiceBusConnection", $"Endpoint=sb://{host}:{BrokerEndpoint.Port};SharedAccessKeyName={BrokerKeyName};SharedAccessKey={BrokerKey}{plain}");
        yield return new("ServiceBusManagementEndpoint", new Uri(LocalUrl, BrokerManagementPath + "/").AbsoluteUri);
        yield return new("Storage:Directory", DataDirectory);
        if (Certificates is { Authority.File: var file })
        {
            yield return new("Tls:CertificateAuthority", file);
        }
    }
}

/// <summary>A secret in a file that only its owner can read.</summary>
internal static class SecretFile
{
    /// <summary>Reads the file, or makes it with a new secret. It is whole or not there: written aside and renamed.</summary>
    public static string ReadOrMake(string path, Func<string> make)
    {
        if (File.Exists(path))
        {
            return File.ReadAllText(path);
        }

        var aside = path + ".new";
        File.Delete(aside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using (var writer = new StreamWriter(aside, options))
        {
            writer.Write(make());
            writer.Flush();
            ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
        return File.ReadAllText(path);
    }
}
