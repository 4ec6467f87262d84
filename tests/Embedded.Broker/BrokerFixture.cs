using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace VpsPilot.Embedded.Broker.Tests;

/// <summary>A broker on a real file, with or without restarts in between.</summary>
internal sealed class BrokerFixture : IAsyncDisposable
{
    public const string RootKey = "cm9vdC1rZXktZm9yLXRlc3RzLW9ubHktMDEyMzQ1Njc=";
    private readonly string folder = Directory.CreateTempSubdirectory("broker-").FullName;
    private readonly TimeProvider time;
    private readonly Action<EmbeddedBrokerOptions>? configure;

    private BrokerFixture(TimeProvider time, Action<EmbeddedBrokerOptions>? configure)
    {
        this.time = time;
        this.configure = configure;
        Broker = null!;
    }

    public EmbeddedBroker Broker { get; private set; }

    public string DatabasePath => Path.Combine(folder, "broker.db");

    public static async Task<BrokerFixture> StartAsync(TimeProvider? time = null, Action<EmbeddedBrokerOptions>? configure = null)
    {
        var fixture = new BrokerFixture(time ?? TimeProvider.System, configure);
        await fixture.OpenAsync();
        return fixture;
    }

    public async Task OpenAsync()
    {
        var options = new EmbeddedBrokerOptions { DatabasePath = DatabasePath, AmqpEndpoint = new Uri("amqp://127.0.0.1:0"), RootKey = RootKey };
        configure?.Invoke(options);
        Broker = new EmbeddedBroker(Options.Create(options), time, NullLogger<EmbeddedBroker>.Instance);
        await Broker.StartingAsync(CancellationToken.None);
    }

    public async Task RestartAsync()
    {
        Broker.Dispose();
        await OpenAsync();
    }

    public ValueTask DisposeAsync()
    {
        Broker.Dispose();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
