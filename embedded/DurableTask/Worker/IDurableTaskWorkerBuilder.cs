using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.DurableTask.Worker;

/// <summary>Builds a worker.</summary>
public interface IDurableTaskWorkerBuilder
{
    /// <summary>Name of the worker; empty is the default one.</summary>
    string Name { get; }

    /// <summary>Where its services go.</summary>
    IServiceCollection Services { get; }

    /// <summary>Type that is built; null means the embedded engine.</summary>
    Type? BuildTarget { get; set; }

    /// <summary>Builds it.</summary>
    IHostedService Build(IServiceProvider serviceProvider);
}

/// <summary>Builds the worker of the embedded engine.</summary>
public class DefaultDurableTaskWorkerBuilder : IDurableTaskWorkerBuilder
{
    /// <summary>A builder.</summary>
    public DefaultDurableTaskWorkerBuilder(string? name, IServiceCollection services)
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
    public IHostedService Build(IServiceProvider serviceProvider) => BuildTarget is null
        ? serviceProvider.GetRequiredService<VpsPilot.Embedded.DurableTask.Hosting.DurableTaskService>()
        : (IHostedService)ActivatorUtilities.CreateInstance(serviceProvider, BuildTarget, Name);
}
