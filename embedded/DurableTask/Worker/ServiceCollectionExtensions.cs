using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Embedded.DurableTask.Hosting;

namespace Microsoft.DurableTask.Worker;

/// <summary>Adds a worker.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Adds a worker and returns its builder.</summary>
    public static IDurableTaskWorkerBuilder AddDurableTaskWorker(this IServiceCollection services, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddEmbeddedDurableTask(services.SharedRegistry());
        return new DefaultDurableTaskWorkerBuilder(name, services);
    }

    /// <summary>Adds a worker.</summary>
    public static IServiceCollection AddDurableTaskWorker(this IServiceCollection services, Action<IDurableTaskWorkerBuilder> configure) => services.AddDurableTaskWorker(string.Empty, configure);

    /// <summary>Adds a worker of a name.</summary>
    public static IServiceCollection AddDurableTaskWorker(this IServiceCollection services, string name, Action<IDurableTaskWorkerBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(services.AddDurableTaskWorker(name));
        return services;
    }
}
