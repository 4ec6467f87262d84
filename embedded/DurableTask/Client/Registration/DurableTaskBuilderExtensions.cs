using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.DurableTask.Client;

/// <summary>Configures a client.</summary>
public static class DurableTaskBuilderExtensions
{
    /// <summary>Sets options.</summary>
    public static IDurableTaskClientBuilder Configure(this IDurableTaskClientBuilder builder, Action<DurableTaskClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>Sets the version of new orchestrations that name none.</summary>
    public static IDurableTaskClientBuilder UseDefaultVersion(this IDurableTaskClientBuilder builder, string version) => builder.Configure(o => o.DefaultVersion = version);

    /// <summary>Registers the client itself as a service.</summary>
    public static IDurableTaskClientBuilder RegisterDirectly(this IDurableTaskClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(builder.Build);
        return builder;
    }

    /// <summary>Sets the type that is built.</summary>
    public static IDurableTaskClientBuilder UseBuildTarget(this IDurableTaskClientBuilder builder, Type target)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.BuildTarget = target;
        return builder;
    }

    /// <summary>Sets the type that is built.</summary>
    public static IDurableTaskClientBuilder UseBuildTarget<TTarget>(this IDurableTaskClientBuilder builder)
        where TTarget : DurableTaskClient => builder.UseBuildTarget(typeof(TTarget));

    /// <summary>Sets the type that is built and its options.</summary>
    public static IDurableTaskClientBuilder UseBuildTarget<TTarget, TOptions>(this IDurableTaskClientBuilder builder)
        where TTarget : DurableTaskClient
        where TOptions : DurableTaskClientOptions
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<TOptions>();
        return builder.UseBuildTarget<TTarget>();
    }
}

/// <summary>Adds a client.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Adds a client and returns its builder.</summary>
    public static IDurableTaskClientBuilder AddDurableTaskClient(this IServiceCollection services, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<DurableTaskClientOptions>();
        return new DefaultDurableTaskClientBuilder(name, services);
    }

    /// <summary>Adds a client.</summary>
    public static IServiceCollection AddDurableTaskClient(this IServiceCollection services, Action<IDurableTaskClientBuilder> configure) => services.AddDurableTaskClient(string.Empty, configure);

    /// <summary>Adds a client of a name.</summary>
    public static IServiceCollection AddDurableTaskClient(this IServiceCollection services, string name, Action<IDurableTaskClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(services.AddDurableTaskClient(name));
        return services;
    }
}
