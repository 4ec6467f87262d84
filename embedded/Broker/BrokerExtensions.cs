using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using VpsPilot.Embedded.Broker.Management;

namespace VpsPilot.Embedded.Broker;

/// <summary>Puts the broker into a host.</summary>
public static class BrokerExtensions
{
    /// <summary>
    /// Adds the broker as a hosted service and as <see cref="IBroker"/>. It is open before any other hosted service
    /// starts and closes after all have stopped. A database that cannot be served fails the start with <see cref="BrokerDatabaseException"/>.
    /// </summary>
    /// <remarks>
    /// Of Service Bus it has queues only, and of queues everything but sessions, deferral, forwarding and transactions: those
    /// are refused with <c>amqp:not-implemented</c>. Locks end with the link that received the message; a message that was
    /// released, or whose link closed, counts as one more failed delivery.
    /// </remarks>
    public static IServiceCollection AddEmbeddedBroker(this IServiceCollection services, Action<EmbeddedBrokerOptions> configure)
    {
        services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<EmbeddedBroker>();
        services.AddSingleton<IBroker>(provider => provider.GetRequiredService<EmbeddedBroker>());
        services.AddHostedService(provider => provider.GetRequiredService<EmbeddedBroker>());
        return services;
    }

    /// <summary>
    /// Serves the management API of Service Bus (Atom entries; <c>PUT</c>, <c>GET</c> and <c>DELETE /{queue}</c>,
    /// <c>GET /$Resources/queues</c>) under this builder. Every call needs a SAS token with the Manage right. It takes every
    /// path, so it belongs on a port or in a group of its own: <c>app.MapGroup("/bus").MapBrokerManagement()</c>.
    /// </summary>
    public static IEndpointConventionBuilder MapBrokerManagement(this IEndpointRouteBuilder endpoints) =>
        ManagementEndpoints.Map(endpoints);
}
