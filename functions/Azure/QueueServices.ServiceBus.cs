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
        services.AddSingleton(p => new ServiceBusClient(NamespaceOf(p), AppIdentity.Credential));
        services.AddSingleton(p => new ServiceBusAdministrationClient(NamespaceOf(p), AppIdentity.Credential));
        services.AddSingleton<ServiceBusCommandQueue>().AddSingleton<ServiceBusNodeQueues>();
        services.AddSingleton<ICommandQueue>(p => HasNamespace(p) ? p.GetRequiredService<ServiceBusCommandQueue>() : p.GetRequiredService<CommandQueue>());
        services.AddSingleton<INodeQueues>(p => HasNamespace(p) ? p.GetRequiredService<ServiceBusNodeQueues>() : p.GetRequiredService<NodeQueues>());
    }

    private static bool HasNamespace(IServiceProvider services) => services.GetRequiredService<ControlPlaneOptions>().ServiceBusNamespace is not null;

    private static string NamespaceOf(IServiceProvider services) => services.GetRequiredService<ControlPlaneOptions>().ServiceBusNamespace!;
}
