using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.DurableTask.Client;

/// <summary>Builds a client.</summary>
public interface IDurableTaskClientBuilder
{
    /// <summary>Name of the client; empty is the default one.</summary>
    string Name { get; }

    /// <summary>Where its services go.</summary>
    IServiceCollection Services { get; }

    /// <summary>Type that is built; null means the client of the embedded engine.</summary>
    Type? BuildTarget { get; set; }

    /// <summary>Builds it.</summary>
    DurableTaskClient Build(IServiceProvider serviceProvider);
}

/// <summary>Builds the client of the embedded engine.</summary>
public class DefaultDurableTaskClientBuilder : IDurableTaskClientBuilder
{
    /// <summary>A builder.</summary>
    public DefaultDurableTaskClientBuilder(string? name, IServiceCollection services)
    {
        Name = name ?? string.Empty;
        Services = services;
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public IServiceCollection Services { get; }

    /// <inheritdoc />
    public Type? BuildTarget { get; set; }

    /// <inheritdoc />
    public DurableTaskClient Build(IServiceProvider serviceProvider) => BuildTarget is null
        ? serviceProvider.GetRequiredService<IDurableTaskClientProvider>().GetClient(Name)
        : (DurableTaskClient)ActivatorUtilities.CreateInstance(serviceProvider, BuildTarget, Name);
}
