using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VpsPilot.Embedded.DurableTask.Engine;
using VpsPilot.Embedded.DurableTask.Engine.Client;
using VpsPilot.Embedded.DurableTask.Engine.Execution;

namespace VpsPilot.Embedded.DurableTask.Hosting;

/// <summary>Runs the task hub with the host, and gives its client.</summary>
internal sealed class DurableTaskService : IHostedService, IDurableTaskClientProvider, IAsyncDisposable
{
    private readonly EmbeddedDurableTaskOptions options;
    private readonly DurableTaskRegistry registry;
    private readonly IServiceProvider services;
    private readonly ILoggerFactory loggers;
    private readonly DurableTaskClientOptions clientOptions;
    private readonly DurableTaskWorkerOptions workerOptions;
    private readonly Lazy<TaskHub> hub;
    private readonly Lazy<EmbeddedDurableTaskClient> client;

    public DurableTaskService(IOptions<EmbeddedDurableTaskOptions> options, IOptions<DurableTaskClientOptions> clientOptions, IOptions<DurableTaskWorkerOptions> workerOptions, DurableTaskRegistry registry, IServiceProvider services, ILoggerFactory loggers, TimeProvider time)
    {
        this.options = options.Value;
        this.clientOptions = clientOptions.Value;
        this.workerOptions = workerOptions.Value;
        this.registry = registry;
        this.services = services;
        this.loggers = loggers;
        hub = new Lazy<TaskHub>(() => TaskHub.Open(this.options.DatabasePath, time));
        client = new Lazy<EmbeddedDurableTaskClient>(() => new EmbeddedDurableTaskClient(hub.Value.Parts, this.clientOptions));
    }

    /// <summary>The parts of the hub, for the host's own management endpoints.</summary>
    public TaskHub Hub => hub.Value;

    public DurableTaskClient GetClient(string? name = null) => client.Value;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var context = new EngineContext(
            workerOptions.DataConverter,
            loggers,
            workerOptions.Versioning?.DefaultVersion ?? "",
            workerOptions.MaximumTimerInterval,
            new FailureReader(services.GetService<IExceptionPropertiesProvider>()),
            new WorkAdmission(workerOptions.Versioning, workerOptions.OrchestrationFilter ?? services.GetService<IOrchestrationFilter>()));
        hub.Value.Start(options, workerOptions.Concurrency, registry, services, context, loggers);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await hub.Value.StopAsync(options.DrainTimeout / 2, cancellationToken);
        await services.GetRequiredService<ActivityInterruption>().SignalAsync();
        await hub.Value.StopAsync(options.DrainTimeout / 2, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (hub.IsValueCreated)
        {
            await hub.Value.DisposeAsync();
        }
    }
}
