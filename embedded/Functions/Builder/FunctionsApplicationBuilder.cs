using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.Functions.Hosting;
using VpsPilot.Embedded.Functions.Hosting.Invocation;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Builds a functions app that this process serves.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    /// <summary>
    /// Settings are read at the start. Looking for changes of their files would watch the whole content root, where the databases may be, and
    /// wake a thread at each of their writes. Source: .NET documentation, "Generic Host", hostBuilder:reloadConfigOnChange.
    /// </summary>
    private const string NoReload = "--hostBuilder:reloadConfigOnChange=false";

    private readonly WebApplicationBuilder inner;
    private readonly MiddlewarePipeline pipeline = new();

    internal FunctionsApplicationBuilder(string[] args)
    {
        inner = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [NoReload, .. args] });
        EmbeddedHost.AddDefaults(inner, args);
    }

    /// <inheritdoc />
    public IServiceCollection Services => inner.Services;

    /// <inheritdoc cref="IHostApplicationBuilder.Configuration" />
    public ConfigurationManager Configuration => inner.Configuration;

    /// <inheritdoc />
    IConfigurationManager IHostApplicationBuilder.Configuration => inner.Configuration;

    /// <inheritdoc />
    public IHostEnvironment Environment => inner.Environment;

    /// <inheritdoc />
    public ILoggingBuilder Logging => inner.Logging;

    /// <inheritdoc />
    public IMetricsBuilder Metrics => inner.Metrics;

    /// <inheritdoc />
    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)inner).Properties;

    /// <inheritdoc />
    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        pipeline.Add(middleware);
        return this;
    }

    /// <inheritdoc />
    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => ((IHostApplicationBuilder)inner).ConfigureContainer(factory, configure);

    /// <summary>Finds the functions of the entry assembly and builds the host that serves them.</summary>
    /// <exception cref="InvalidOperationException">A function's declaration is wrong; the message says which and why.</exception>
    public IHost Build() => EmbeddedHost.Build(inner, pipeline);
}
