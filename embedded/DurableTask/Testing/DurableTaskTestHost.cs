using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.DurableTask.Hosting;

namespace VpsPilot.Embedded.DurableTask.Testing;

/// <summary>A real engine on a temporary file, for tests of orchestrations: registry and services in, client out. No HTTP.</summary>
public sealed class DurableTaskTestHost : IAsyncDisposable
{
    private readonly IHost host;
    private readonly string? folder;

    private DurableTaskTestHost(IHost host, string? folder)
    {
        this.host = host;
        this.folder = folder;
    }

    /// <summary>The client.</summary>
    public DurableTaskClient Client => host.Services.GetRequiredService<DurableTaskClient>();

    /// <summary>The host's services.</summary>
    public IServiceProvider Services => host.Services;

    /// <summary>Starts a host.</summary>
    /// <param name="register">Registers orchestrators and activities.</param>
    /// <param name="configure">Adds services, for example a <see cref="TimeProvider"/>.</param>
    /// <param name="databasePath">File of the task hub; null means a new temporary one that is deleted at the end.</param>
    /// <param name="options">Sets engine options.</param>
    public static Task<DurableTaskTestHost> StartAsync(
        Action<DurableTaskRegistry> register,
        Action<IServiceCollection>? configure = null,
        string? databasePath = null,
        Action<EmbeddedDurableTaskOptions>? options = null) =>
        StartWorkerAsync(worker => worker.AddTasks(register), configure: configure, databasePath: databasePath, options: options);

    /// <summary>Starts a host from the builders that an app uses.</summary>
    /// <param name="worker">Configures the worker: tasks, versioning, filter.</param>
    /// <param name="client">Configures the client.</param>
    /// <param name="configure">Adds services, for example a <see cref="TimeProvider"/>.</param>
    /// <param name="databasePath">File of the task hub; null means a new temporary one that is deleted at the end.</param>
    /// <param name="options">Sets engine options.</param>
    public static async Task<DurableTaskTestHost> StartWorkerAsync(
        Action<IDurableTaskWorkerBuilder> worker,
        Action<IDurableTaskClientBuilder>? client = null,
        Action<IServiceCollection>? configure = null,
        string? databasePath = null,
        Action<EmbeddedDurableTaskOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(worker);
        var temporary = databasePath is null ? Directory.CreateTempSubdirectory("durabletask-").FullName : null;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        configure?.Invoke(builder.Services);
        builder.Services.AddDurableTaskWorker(worker);
        builder.Services.AddDurableTaskClient(client ?? (_ => { }));
        builder.Services.Configure<EmbeddedDurableTaskOptions>(o =>
        {
            o.DatabasePath = databasePath ?? Path.Combine(temporary!, "hub.db");
            o.MaxConcurrentActivities = 16;
            o.MaxConcurrentOrchestrators = 16;
            options?.Invoke(o);
        });
        var built = builder.Build();
        await built.StartAsync();
        return new DurableTaskTestHost(built, temporary);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }

        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
