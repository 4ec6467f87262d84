using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Embedded.DurableTask.Hosting;

namespace Microsoft.DurableTask.Worker;

/// <summary>Configures a worker.</summary>
public static class DurableTaskWorkerBuilderExtensions
{
    /// <summary>Registers orchestrators and activities.</summary>
    public static IDurableTaskWorkerBuilder AddTasks(this IDurableTaskWorkerBuilder builder, Action<DurableTaskRegistry> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        configure(builder.Services.SharedRegistry());
        return builder;
    }

    /// <summary>Sets options.</summary>
    public static IDurableTaskWorkerBuilder Configure(this IDurableTaskWorkerBuilder builder, Action<DurableTaskWorkerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>Sets the type that is built.</summary>
    public static IDurableTaskWorkerBuilder UseBuildTarget(this IDurableTaskWorkerBuilder builder, Type target)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.BuildTarget = target;
        return builder;
    }

    /// <summary>Sets the type that is built.</summary>
    public static IDurableTaskWorkerBuilder UseBuildTarget<TTarget>(this IDurableTaskWorkerBuilder builder)
        where TTarget : Hosting.DurableTaskWorker => builder.UseBuildTarget(typeof(TTarget));

    /// <summary>Sets the type that is built and its options.</summary>
    public static IDurableTaskWorkerBuilder UseBuildTarget<TTarget, TOptions>(this IDurableTaskWorkerBuilder builder)
        where TTarget : Hosting.DurableTaskWorker
        where TOptions : DurableTaskWorkerOptions
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<TOptions>();
        return builder.UseBuildTarget<TTarget>();
    }

    /// <summary>Sets which versions the worker takes.</summary>
    public static IDurableTaskWorkerBuilder UseVersioning(this IDurableTaskWorkerBuilder builder, DurableTaskWorkerOptions.VersioningOptions versionOptions) =>
        builder.Configure(o => o.Versioning = versionOptions);

    /// <summary>Sets which orchestrations the worker takes.</summary>
    public static IDurableTaskWorkerBuilder UseOrchestrationFilter(this IDurableTaskWorkerBuilder builder, IOrchestrationFilter filter)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(filter);
        return builder;
    }

    /// <summary>Sets which orchestrations the worker takes.</summary>
    public static IDurableTaskWorkerBuilder UseOrchestrationFilter<TOrchestrationFilter>(this IDurableTaskWorkerBuilder builder)
        where TOrchestrationFilter : class, IOrchestrationFilter
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IOrchestrationFilter, TOrchestrationFilter>();
        return builder;
    }

    /// <summary>Not needed: the embedded engine has one worker, which takes everything.</summary>
    public static IDurableTaskWorkerBuilder UseWorkItemFilters(this IDurableTaskWorkerBuilder builder) => builder;

    /// <summary>Not needed: the embedded engine has one worker, which takes everything.</summary>
    public static IDurableTaskWorkerBuilder UseWorkItemFilters(this IDurableTaskWorkerBuilder builder, DurableTaskWorkerWorkItemFilters? workItemFilters) => builder;
}
