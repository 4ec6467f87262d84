using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace VpsPilot.Embedded.DurableTask.Hosting;

/// <summary>Adds the embedded Durable Task engine.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds the engine as a hosted service, and its <see cref="DurableTaskClient"/>. One process runs a task hub; a second one fails at start.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="registry">The orchestrators and activities.</param>
    /// <param name="configure">Sets options.</param>
    public static IServiceCollection AddEmbeddedDurableTask(this IServiceCollection services, DurableTaskRegistry registry, Action<EmbeddedDurableTaskOptions>? configure = null)
    {
        services.AddOptions<EmbeddedDurableTaskOptions>()
            .Configure(configure ?? (_ => { }))
            .Validate(o => o.MaxConcurrentActivities > 0 && o.MaxConcurrentOrchestrators > 0 && o.SessionsInMemory >= 0, "Concurrency limits must be at least 1, and the number of sessions at least 0.")
            .ValidateOnStart();
        services.AddOptions<DurableTaskClientOptions>();
        services.AddOptions<DurableTaskWorkerOptions>()
            .Validate(o => o.Concurrency.MaximumConcurrentActivityWorkItems > 0 && o.Concurrency.MaximumConcurrentOrchestrationWorkItems > 0, "Concurrency limits must be at least 1.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(registry);
        if (services.Any(s => s.ServiceType == typeof(DurableTaskService)))
        {
            return services;
        }

        services.AddSingleton<ActivityInterruption>();
        services.AddSingleton<DurableTaskService>();
        services.AddHostedService(s => s.GetRequiredService<DurableTaskService>());
        services.TryAddSingleton<IDurableTaskClientProvider>(s => s.GetRequiredService<DurableTaskService>());
        services.TryAddSingleton(s => s.GetRequiredService<IDurableTaskClientProvider>().GetClient());
        return services;
    }

    /// <summary>The registry that all builders of these services share.</summary>
    internal static DurableTaskRegistry SharedRegistry(this IServiceCollection services)
    {
        if (services.FirstOrDefault(s => s.ServiceType == typeof(DurableTaskRegistry))?.ImplementationInstance is DurableTaskRegistry existing)
        {
            return existing;
        }

        var registry = new DurableTaskRegistry();
        services.AddSingleton(registry);
        return registry;
    }
}
