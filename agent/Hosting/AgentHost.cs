using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using VpsPilot.Agent.Activation;
using VpsPilot.Agent.Activation.Health;
using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Activation.Switching;
using VpsPilot.Agent.Backups;
using VpsPilot.Agent.Builds;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Edge;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Agent.Events;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Logs;
using VpsPilot.Agent.Maintenance;
using VpsPilot.Agent.Operations;
using VpsPilot.Agent.Operations.Checks;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Sharing;
using VpsPilot.Agent.Units;
using VpsPilot.Agent.Updates;
using VpsPilot.Messaging;

namespace VpsPilot.Agent.Hosting;

/// <summary>Puts the daemon together.</summary>
internal static class AgentHost
{
    public static IHost Build(AgentSettings settings, AgentPaths paths, Identity identity, AgentKeys keys)
    {
        paths.CreateFolders();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "vpspilot-agent", ContentRootPath = "/" });
        builder.Logging.AddConsole(o => o.FormatterName = ConsoleFormatterNames.Systemd).AddFilter("Microsoft", LogLevel.Warning).SetMinimumLevel(LogLevel.Information);
        var services = builder.Services;
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(20));
        services.AddSystemd();
        services.AddSingleton(settings).AddSingleton(paths).AddSingleton(identity).AddSingleton(keys).AddSingleton(TimeProvider.System);
        AddMachine(services);
        AddWork(services);
        AddOperations(services);

        services.AddSingleton(_ => ControlPlaneClient(identity.PinnedAuthority));
        services.AddSingleton(s => new CommandJournal(paths.Journal, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<CommandJournal>>()));
        services.AddSingleton(s => new CommandCheck(identity, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new QueueReceiver(identity.Connection(identity.Enrollment.Commands), s.GetRequiredService<ILogger<QueueReceiver>>()));
        services.AddSingleton(s => new QueueSender(identity.Connection(identity.Enrollment.Events), s.GetRequiredService<ILogger<QueueSender>>()));
        services.AddSingleton<EventSender>().AddSingleton<LogUploader>().AddSingleton<DeploymentLogs>().AddSingleton<ControlPlaneDownload>();

        // Stopped in the opposite order: no new commands, then the work lets go, then what is left is reported.
        services.AddSingleton<EventPublisher>().AddHostedService(s => s.GetRequiredService<EventPublisher>());
        services.AddSingleton<HeartbeatService>().AddHostedService(s => s.GetRequiredService<HeartbeatService>());
        services.AddSingleton<CommandDispatcher>().AddHostedService(s => s.GetRequiredService<CommandDispatcher>());
        services.AddSingleton<SlotRetirement>().AddHostedService(s => s.GetRequiredService<SlotRetirement>());
        services.AddHostedService<EdgeService>();
        services.AddHostedService<CommandReceiver>();
        services.AddHostedService<Watchdog>();
        services.AddHostedService<MemoryTrimmer>();
        services.AddHostedService<AppLogRotator>();
        return builder.Build();
    }

    /// <summary>A client for the control plane's HTTP API.</summary>
    /// <param name="authority">The only certificate authority that it trusts (PEM); null for the system's trust.</param>
    public static HttpClient ControlPlaneClient(string? authority)
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(10) };
        handler.SslOptions.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (authority is not null)
        {
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(authority));
            handler.SslOptions.CertificateChainPolicy = trust;
        }

        return new(handler) { Timeout = TimeSpan.FromSeconds(30) };
    }

    private static void AddMachine(IServiceCollection services)
    {
        services.AddSingleton<ProcessRunner>().AddSingleton<FactsReader>().AddSingleton<SystemUsers>().AddSingleton<TransientUnits>().AddSingleton<ProjectUnits>();
        services.AddSingleton<ReleaseStore>().AddSingleton<ProfileGenerations>().AddSingleton<PortAllocator>().AddSingleton<AppLog>().AddSingleton<ServingReader>();
        services.AddSingleton<HealthReport>().AddSingleton(s => new HealthProbe(HealthProbe.CreateClient(), s.GetRequiredService<TransientUnits>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Edge.Edge>().AddSingleton<EdgeSwitch>().AddSingleton<RouteClaims>().AddSingleton<CaddyAdmin>().AddSingleton(_ => new TrafficMeter(EdgePaths.AnswerLog));
    }

    private static void AddWork(IServiceCollection services)
    {
        services.AddSingleton<CredentialTrade>().AddSingleton<KeyRenewer>().AddSingleton<NodeMover>().AddSingleton<EventsKeyTaker>().AddSingleton<SealedValues>().AddSingleton<ProjectLocks>().AddSingleton<CommandHandlers>();
        services.AddSingleton<SourceFetcher>().AddSingleton<NixBuilder>().AddSingleton<FlakeSource>().AddSingleton<EnvironmentBuilder>().AddSingleton<BuildSteps>().AddSingleton<PersistentPaths>().AddSingleton<Sealer>().AddSingleton<BuildHandler>();
        services.AddSingleton<TreeUpload>().AddSingleton<TreeSharing>().AddSingleton<TreeReceiver>();
        services.AddSingleton<ReleaseStarter>().AddSingleton<HealthWatcher>().AddSingleton<SlotProcesses>().AddSingleton<SlotDrain>();
        services.AddSingleton<SwitchStart>().AddSingleton<TrafficMover>().AddSingleton<InPlaceStrategy>().AddSingleton<BlueGreenStrategy>().AddSingleton<ReleaseSwitch>();
        services.AddSingleton<ActivateHandler>().AddSingleton<CanarySplit>().AddSingleton<RollBackTargets>().AddSingleton<RollBackHandler>();
        services.AddSingleton<ReleaseSecrets>().AddSingleton<BackupStore>().AddSingleton<BackupMaker>().AddSingleton<BackupStage>().AddSingleton<BackupRestorer>();
        services.AddSingleton<DiskGuard>().AddSingleton<ReleasePruner>().AddSingleton<CollectHandler>().AddSingleton<RestartHandler>().AddSingleton<RemoveHandler>();
    }

    private static void AddOperations(IServiceCollection services)
    {
        services.AddSingleton<InstalledUnits>().AddSingleton<OperationHandlers>().AddSingleton<StatusHandler>().AddSingleton<LogsHandler>().AddSingleton<RunHandler>().AddSingleton<StopHandler>();
        services.AddSingleton<DoctorHandler>().AddSingleton<INodeCheck, DiskCheck>().AddSingleton<INodeCheck, NixCheck>().AddSingleton<INodeCheck, SystemdCheck>();
        services.AddSingleton<INodeCheck, ClockCheck>().AddSingleton<INodeCheck, PortCheck>().AddSingleton<INodeCheck, EdgeCheck>();
        services.AddSingleton<BinaryDownload>().AddSingleton<UpdateHandler>();
    }
}
