using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Nodes;
using VpsPilot.Messaging;
using VpsPilot.Messaging.Administration;

namespace VpsPilot.Functions.Queues;

/// <summary>The queues: over AMQP; in a build for Azure with the Service Bus client, by the app's own identity or by a connection string that is no emulator's.</summary>
internal static partial class QueueServices
{
    public static IServiceCollection AddQueues(this IServiceCollection services)
    {
        services.AddSingleton(p =>
        {
            var options = p.GetRequiredService<ControlPlaneOptions>();
            var connection = QueueConnectionOptions.Parse(options.ServiceBusConnection
                ?? throw new SettingsException("The control plane cannot start:\n  - ServiceBusConnection:fullyQualifiedNamespace is set, which needs a build for Azure (-p:Host=Azure)."));
            return connection with
            {
                ManagementEndpoint = options.ServiceBusManagementEndpoint ?? connection.ManagementEndpoint,
                Tls = p.GetRequiredService<TrustedAuthority>().Pem is { } pem ? new TlsOptions { CertificateAuthorityPem = pem } : null,
            };
        });
        services.AddSingleton(p => new QueueSender(p.GetRequiredService<QueueConnectionOptions>(), p.GetRequiredService<ILogger<QueueSender>>()));
        services.AddSingleton(p => new QueueAdministration(p.GetRequiredService<QueueConnectionOptions>(), p.GetRequiredService<TrustedAuthority>().CreateClient(TimeSpan.FromSeconds(30))));
        services.AddSingleton<CommandQueue>().AddSingleton<NodeQueues>();
        services.AddSingleton<ICommandQueue>(p => p.GetRequiredService<CommandQueue>()).AddSingleton<INodeQueues>(p => p.GetRequiredService<NodeQueues>());
        AddServiceBus(services);
        return services;
    }

    /// <summary>Only a build for Azure has it: puts the Service Bus client in the place of AMQP, but for emulators.</summary>
    static partial void AddServiceBus(IServiceCollection services);
}
