using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.Broker;
using VpsPilot.Embedded.DurableTask.Hosting;

namespace VpsPilot.Embedded.Functions.Tests.Sample;

/// <summary>The sample app, served by the embedded host on free ports.</summary>
public sealed class SampleApp : IAsyncLifetime
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly string folder = Directory.CreateTempSubdirectory("functions-host-").FullName;
    private readonly int port = FreePort();
    private readonly int queuePort = FreePort();
    private IHost? host;

    public HttpClient Http { get; private set; } = null!;

    public DurableTaskClient Durable => host!.Services.GetRequiredService<DurableTaskClient>();

    public Journal Journal => host!.Services.GetRequiredService<Journal>();

    public IBroker Broker => host!.Services.GetRequiredService<IBroker>();

    public async Task InitializeAsync()
    {
        await StartAsync();
        await Broker.CreateQueueAsync("texts", new QueueSettings { MaxDeliveryCount = 3 });
        await Broker.CreateQueueAsync("batches");
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    public async Task StartAsync()
    {
        var builder = FunctionsApplication.CreateBuilder(
        [
            "--Embedded:FunctionsAssembly=VpsPilot.Embedded.Functions.Tests", $"--Embedded:Urls=http://127.0.0.1:{port}",
            $"--Embedded:DataDirectory={folder}", $"--Embedded:Broker:Endpoint=amqp://127.0.0.1:{queuePort}", "--BatchQueue=batches",
        ]);
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<FirstMiddleware>();
        builder.UseMiddleware<SecondMiddleware>();
        builder.Services.AddSingleton<Journal>();
        builder.Services.Configure<EmbeddedDurableTaskOptions>(o => o.DrainTimeout = TimeSpan.FromSeconds(1));
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        host = builder.Build();
        await host.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = Limit };
    }

    public async Task StopAsync()
    {
        Http.Dispose();
        await host!.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    public string Key(string name) => (string)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "keys.json")))![name]!;

    public async Task WaitForAsync(Func<IReadOnlyList<string>, bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition(Journal.Lines))
        {
            await Task.Delay(20, limit.Token);
        }
    }

    /// <summary>Below the range of outgoing connections, so that none of those takes it first.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var candidate = Random.Shared.Next(22_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, candidate);
                listener.Start();
                return candidate;
            }
            catch (SocketException)
            {
                // Taken; another then.
            }
        }
    }
}
