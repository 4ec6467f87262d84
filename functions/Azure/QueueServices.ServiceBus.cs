using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Functions.Azure;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Keys;
using VpsPilot.Functions.Nodes;

namespace VpsPilot.Functions.Queues;

internal static partial class QueueServices
{
    static partial void AddServiceBus(IServiceCollection services)
    {
        services.AddSingleton(p => NamespaceOf(p) is { } name ? new ServiceBusClient(name, AppIdentity.Credential) : new ServiceBusClient(ConnectionOf(p)));
        services.AddSingleton(p => NamespaceOf(p) is { } name ? new ServiceBusAdministrationClient(name, AppIdentity.Credential) : new ServiceBusAdministrationClient(ConnectionOf(p)));
        services.AddSingleton<ServiceBusCommandQueue>().AddSingleton<ServiceBusNodeQueues>();
        services.AddSingleton<ICommandQueue>(p => IsServiceBus(p) ? p.GetRequiredService<ServiceBusCommandQueue>() : p.GetRequiredService<CommandQueue>());
        services.AddSingleton<INodeQueues>(p => IsServiceBus(p) ? p.GetRequiredService<ServiceBusNodeQueues>() : p.GetRequiredService<NodeQueues>());
    }

    /// <summary>An emulator, or the embedded broker, has a management API of its own; only our AMQP client knows it.</summary>
    private static bool IsServiceBus(IServiceProvider services) => NamespaceOf(services) is not null || !ConnectionOf(services).Contains("UseDevelopmentEmulator=true", StringComparison.OrdinalIgnoreCase);

    private static string? NamespaceOf(IServiceProvider services) => services.GetRequiredService<ControlPlaneOptions>().ServiceBusNamespace;

    private static string ConnectionOf(IServiceProvider services) => services.GetRequiredService<ControlPlaneOptions>().ServiceBusConnection!;
}
