using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace VpsPilot.Embedded.Functions.Hosting;

/// <summary>Settings of the embedded host, section <c>Embedded</c>.</summary>
internal sealed record EmbeddedSettings
{
    /// <summary>Addresses of the HTTP server, separated by semicolons; default <c>http://127.0.0.1:7071</c>.</summary>
    public required string Urls { get; init; }

    /// <summary>The one folder with everything that outlives a restart (mode 0700); default <c>data</c>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Address of the AMQP broker; default <c>amqp://127.0.0.1:5672</c>.</summary>
    public required Uri BrokerEndpoint { get; init; }

    /// <summary>Key of the broker's root rule; made at the first start.</summary>
    public required string BrokerKey { get; init; }

    /// <summary>Path under which the broker's management API is served.</summary>
    public const string BrokerManagementPath = "/servicebus";

    public const string BrokerKeyName = "RootManageSharedAccessKey";

    public static EmbeddedSettings Read(IConfiguration configuration)
    {
        var data = Path.GetFullPath(configuration["Embedded:DataDirectory"] ?? "data");
        Directory.CreateDirectory(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new EmbeddedSettings
        {
            Urls = configuration["Embedded:Urls"] ?? "http://127.0.0.1:7071",
            DataDirectory = data,
            BrokerEndpoint = new Uri(configuration["Embedded:Broker:Endpoint"] ?? "amqp://127.0.0.1:5672"),
            BrokerKey = SecretFile.ReadOrMake(Path.Combine(data, "broker.key"), () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        };
    }

    /// <summary>The settings that Azure would supply to the app.</summary>
    public IEnumerable<KeyValuePair<string, string?>> AppSettings()
    {
        var management = $"{Urls.Split(';')[0].TrimEnd('/').Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal)}{BrokerManagementPath}/";
        yield return new("ServiceBusConnection", $"Endpoint=sb://{BrokerEndpoint.Host}:{BrokerEndpoint.Port};SharedAccessKeyName={BrokerKeyName};SharedAccessKey={BrokerKey};UseDevelopmentEmulator=true");
        yield return new("ServiceBusManagementEndpoint", management);
        yield return new("Storage:Directory", DataDirectory);
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
