using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Access.Sessions;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Dashboard;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Activities;
using VpsPilot.Functions.Deployments.Api;
using VpsPilot.Functions.Deployments.Dispatch;
using VpsPilot.Functions.Deployments.Events;
using VpsPilot.Functions.Deployments.Lanes;
using VpsPilot.Functions.Deployments.Trees;
using VpsPilot.Functions.Idempotency;
using VpsPilot.Functions.Keys;
using VpsPilot.Functions.Migration;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Nodes.EventsKeys;
using VpsPilot.Functions.Notices.Channels;
using VpsPilot.Functions.Notices.GitHub;
using VpsPilot.Functions.Notices.Outbox;
using VpsPilot.Functions.Notices.Senders;
using VpsPilot.Functions.Operations;
using VpsPilot.Functions.Operations.Api;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Queues;
using VpsPilot.Functions.Schedules;
using VpsPilot.Functions.Secrets;
using VpsPilot.Functions.Storage;
using VpsPilot.Functions.Streams;
using VpsPilot.Functions.Webhooks;
using VpsPilot.Functions.Webhooks.Providers;

namespace VpsPilot.Functions.Hosting;

/// <summary>The services of the control plane.</summary>
internal static class ControlPlaneServices
{
    public static IServiceCollection AddControlPlane(this IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(p => ControlPlaneOptions.Read(p.GetRequiredService<IConfiguration>()));
        services.AddSingleton<DataDirectory>();
        services.AddSingleton<PublicAddress>().AddSingleton<TrustedAuthority>().AddSingleton<InstallCommand>();
        services.AddStorage().AddKeys();
        services.AddSingleton<TokenStore>().AddSingleton<AuditLog>().AddSingleton<AccessRules>().AddSingleton<AdminToken>();
        services.AddSingleton<ClientAddress>().AddSingleton<FailureLimiter>().AddSingleton<Denials>().AddSingleton<IdempotencyStore>().AddSingleton<TokenScope>();
        services.AddSingleton<SessionCookie>().AddSingleton<OwnOrigin>().AddSingleton<DashboardFiles>();
        services.AddSecrets();
        services.AddSingleton<NodeStore>().AddSingleton<VerificationKeys>().AddSingleton<NodePresence>().AddSingleton<CanaryProbe>().AddSingleton<ProjectStore>().AddSingleton<ProjectValidation>();
        services.AddSingleton<DeploymentStore>().AddSingleton<SharedTreeStore>().AddSingleton<AgentCaller>().AddSingleton<ReleaseStore>().AddSingleton<LaneStore>().AddSingleton<AlertGate>().AddSingleton<AlertStore>();
        services.AddSingleton<ArrivalClock>().AddSingleton<DeferredStore>().AddSingleton<OpenDeployments>().AddSingleton<DeploymentReaper>().AddSingleton<DeploymentDispatcher>().AddSingleton<DeploymentStarter>().AddSingleton<AgentEventHandler>();
        services.AddSingleton<AgentPackages>().AddSingleton<OperationStore>().AddSingleton<OperationStarter>().AddSingleton<OperationCanceler>().AddSingleton<OperationApi>().AddSingleton<OperationEvents>().AddSingleton<BackupReports>().AddSingleton<StoppedProjects>();
        services.AddSingleton<WebhookProviders>().AddSingleton<DeliveryIdentity>().AddSingleton<LastDeliveries>();
        services.AddSingleton<Signal>().AddSingleton<StreamLife>().AddSingleton<ChangeLog>().AddSingleton<OverviewStream>().AddSingleton<DeploymentStream>().AddSingleton<FollowLog>();
        services.AddNotices().AddHostedService<OutboxService>();
        services.AddSingleton<DriftReader>().AddSingleton<DriftCheck>().AddSingleton<NodeWatch>().AddSingleton<Retention>();
        services.AddSingleton<CommandSigningKey>().AddSingleton<CommandSender>().AddSingleton<RefusedEvents>();
        services.AddSingleton<EventsKeyCommands>().AddSingleton<EventsKeyRotation>();
        services.AddSingleton<Exporter>().AddSingleton<Importer>();
        return services.AddQueues().AddHostedService<EventsQueue>();
    }

    private static IServiceCollection AddNotices(this IServiceCollection services)
    {
        services.AddSingleton<OutboxStore>().AddSingleton<OccasionReader>().AddSingleton<OutboxPump>();
        services.AddSingleton<ChannelStore>().AddSingleton<NoticeHttp>().AddSingleton<NoticeSenders>();
        return services.AddSingleton<StatusTokens>().AddSingleton<GitHubClient>().AddSingleton<GitHubStatusSender>();
    }
}
