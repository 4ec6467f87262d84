using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VpsPilot.Embedded.Broker;
using VpsPilot.Messaging.Administration;

namespace VpsPilot.Messaging.Tests;

/// <summary>A broker in a host of its own, with its management API, on free ports of the loopback.</summary>
internal sealed class BrokerFixture : IAsyncDisposable
{
    public const string RootKey = "cm9vdC1rZXktZm9yLXRlc3RzLW9ubHktMDEyMzQ1Njc=";
    private readonly WebApplication app;
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(20) };

    private BrokerFixture(WebApplication app, string folder)
    {
        this.app = app;
        Folder = folder;
    }

    public string Folder { get; }

    public IBroker Broker => app.Services.GetRequiredService<IBroker>();

    public QueueConnectionOptions Options => new()
    {
        Endpoint = Broker.AmqpEndpoint,
        KeyName = "RootManageSharedAccessKey",
        Key = RootKey,
        ManagementEndpoint = Management,
        MaxReconnectDelay = TimeSpan.FromSeconds(1),
        OperationTimeout = TimeSpan.FromSeconds(15),
    };

    public Uri Management => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public QueueAdministration Administration => new(Options, http);

    public static async Task<BrokerFixture> StartAsync(string? folder = null, int port = 0, Action<EmbeddedBrokerOptions>? configure = null)
    {
        folder ??= Directory.CreateTempSubdirectory("broker-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddEmbeddedBroker(options =>
        {
            options.DatabasePath = Path.Combine(folder, "broker.db");
            options.AmqpEndpoint = new Uri($"amqp://127.0.0.1:{port}");
            options.RootKey = RootKey;
            configure?.Invoke(options);
        });
        var started = builder.Build();
        started.MapBrokerManagement();
        await started.StartAsync();
        return new(started, folder);
    }

    public QueueSender Sender(QueueConnectionOptions? options = null) => new(options ?? Options, NullLogger<QueueSender>.Instance);

    public QueueReceiver Receiver(QueueConnectionOptions? options = null) => new(options ?? Options, NullLogger<QueueReceiver>.Instance);

    public async Task StopAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        http.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
