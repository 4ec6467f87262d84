using Microsoft.Extensions.Configuration;

namespace VpsPilot.Functions.Hosting;

/// <summary>The settings of the control plane.</summary>
internal sealed record ControlPlaneOptions
{
    private static readonly string DefaultDashboard = Path.Combine(AppContext.BaseDirectory, "wwwroot");

    /// <summary><c>Storage:Directory</c>: folder for what of state, logs and keys is not in Azure; null only where all of it is there.</summary>
    public string? StorageDirectory { get; init; }

    /// <summary><c>Storage:Account</c>: name of the Azure storage account for state and logs, reached with the app's own identity; or a connection string, for emulators. Null keeps them in the folder.</summary>
    public string? StorageAccount { get; init; }

    /// <summary><c>KeyVault:Url</c>: the vault that has the secrets and the control plane's own keys, reached with the app's own identity; null keeps secrets encrypted in the state, and keys in files.</summary>
    public Uri? KeyVaultUrl { get; init; }

    /// <summary><c>ServiceBusConnection</c>: connection string of the queues, with Send, Listen and Manage rights; null where <see cref="ServiceBusNamespace"/> is set.</summary>
    public string? ServiceBusConnection { get; init; }

    /// <summary><c>ServiceBusConnection:fullyQualifiedNamespace</c>: host name of the Service Bus namespace, reached with the app's own identity; only in a build for Azure.</summary>
    public string? ServiceBusNamespace { get; init; }

    /// <summary><c>ServiceBusManagementEndpoint</c>: where queues are made and deleted; null takes it from the connection string.</summary>
    public Uri? ServiceBusManagementEndpoint { get; init; }

    /// <summary><c>Tls:CertificateAuthority</c>: PEM file of the authority that this server's certificates are from; null for one that the world knows.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary><c>PublicUrl</c>: how nodes and people reach this API; null takes it from each request.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary><c>PublicQueueEndpoint</c>: how nodes reach the queues; null takes it from the connection string.</summary>
    public string? PublicQueueEndpoint { get; init; }

    /// <summary><c>AgentPackages:Directory</c>: folder with one agent binary for each runtime id; null serves none.</summary>
    public string? AgentPackagesDirectory { get; init; }

    /// <summary><c>Dashboard:Directory</c>: folder with the built dashboard; default <c>wwwroot</c> beside the program.</summary>
    public string DashboardDirectory { get; init; } = DefaultDashboard;

    /// <summary><c>Deployments:BuildTimeout</c>: a node that has not answered a Build by then counts as lost; default 30 minutes.</summary>
    public TimeSpan BuildTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary><c>Deployments:ActivateMargin</c>: time for an Activate beyond its health checks and watch window; default 20 minutes.</summary>
    public TimeSpan ActivateMargin { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary><c>Deployments:CancelGrace</c>: how long canceled nodes may take to say so; default 60 seconds.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>Deployments:DispatchInterval</c>: of pushes to one project within this time only the newest starts; default 1 second.</summary>
    public TimeSpan DispatchInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>Deployments:MaxTreeMegabytes</c>: largest archive, in bytes, of what a node compiled for others of its deployment; default 1024 MiB.</summary>
    public long MaxTreeBytes { get; init; } = 1024L << 20;

    /// <summary><c>Deployments:ProbePrivate</c>: a canary's <c>probe_url</c> may lead to a private network; default true.</summary>
    public bool ProbePrivate { get; init; } = true;

    /// <summary><c>Nodes:OfflineAfter</c>: silence after which a node counts as offline; default 60 seconds.</summary>
    public TimeSpan OfflineAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>Streams:Limit</c>: streams end after this and are asked for again, for hosts that limit how long a call may take; null for no limit.</summary>
    public TimeSpan? StreamLimit { get; init; }

    /// <summary><c>Streams:Silence</c>: a followed log ends after this without a new line and is asked for again, since proxies cut what is silent for longer; default 200 seconds.</summary>
    public TimeSpan StreamSilence { get; init; } = TimeSpan.FromSeconds(200);

    /// <summary><c>ClientAddressHeader</c>: header in which the proxy in front names the caller's address, for example <c>X-Forwarded-For</c>; null trusts none.</summary>
    public string? ClientAddressHeader { get; init; }

    /// <summary><c>GitHub:ApiUrl</c>: where statuses of commits are sent; default <c>https://api.github.com</c>, on GitHub Enterprise <c>https://host/api/v3</c>.</summary>
    public Uri GitHubApiUrl { get; init; } = new("https://api.github.com");

    /// <summary><c>Retention:Finished</c>: how long the histories and logs of deployments are kept after their end; default 30 days.</summary>
    public TimeSpan RetainFinished { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Reads the settings.</summary>
    /// <exception cref="SettingsException">Some are missing or wrong; its message lists all of them.</exception>
    public static ControlPlaneOptions Read(IConfiguration configuration)
    {
        var reader = new SettingsReader(configuration);
        var (account, vault, bus) = (reader.Optional("Storage:Account"), reader.HttpUrl("KeyVault:Url"), reader.Optional("ServiceBusConnection:fullyQualifiedNamespace"));
        var options = new ControlPlaneOptions
        {
            StorageDirectory = account is not null && vault is not null
                ? reader.Optional("Storage:Directory")
                : reader.Required("Storage:Directory", "the folder for state, logs and keys; in Azure set Storage:Account and KeyVault:Url instead"),
            StorageAccount = account,
            KeyVaultUrl = vault,
            ServiceBusNamespace = bus,
            ServiceBusConnection = bus is not null ? reader.Optional("ServiceBusConnection") : reader.Required("ServiceBusConnection", "the connection string of the queues"),
            StreamLimit = reader.OptionalDuration("Streams:Limit"),
            StreamSilence = reader.Duration("Streams:Silence", TimeSpan.FromSeconds(200)),
            ServiceBusManagementEndpoint = reader.HttpUrl("ServiceBusManagementEndpoint"),
            CertificateAuthorityFile = reader.Optional("Tls:CertificateAuthority"),
            PublicUrl = reader.HttpUrl("PublicUrl"),
            PublicQueueEndpoint = reader.Optional("PublicQueueEndpoint"),
            AgentPackagesDirectory = reader.Folder("AgentPackages:Directory"),
            DashboardDirectory = reader.Folder("Dashboard:Directory") ?? DefaultDashboard,
            BuildTimeout = reader.Duration("Deployments:BuildTimeout", TimeSpan.FromMinutes(30)),
            ActivateMargin = reader.Duration("Deployments:ActivateMargin", TimeSpan.FromMinutes(20)),
            CancelGrace = reader.Duration("Deployments:CancelGrace", TimeSpan.FromSeconds(60)),
            MaxTreeBytes = (long)reader.Number("Deployments:MaxTreeMegabytes", 1024) << 20,
            ProbePrivate = reader.Flag("Deployments:ProbePrivate", true),
            DispatchInterval = reader.Duration("Deployments:DispatchInterval", TimeSpan.FromSeconds(1)),
            GitHubApiUrl = reader.HttpUrl("GitHub:ApiUrl") ?? new("https://api.github.com"),
            RetainFinished = reader.Duration("Retention:Finished", TimeSpan.FromDays(30)),
            ClientAddressHeader = reader.Optional("ClientAddressHeader"),
            OfflineAfter = reader.Duration("Nodes:OfflineAfter", TimeSpan.FromSeconds(60)),
        };
        reader.ThrowIfWrong();
        return options;
    }
}
