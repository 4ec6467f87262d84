using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using VpsPilot.Contracts.Commands;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Nodes.EventsKeys;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Tests;

/// <summary>The control plane's own services on a fresh folder and a clock that tests move; queues are lists.</summary>
public sealed class TestPlane : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly ServiceProvider services;

    public TestPlane(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Storage:Directory", folder.Path),
            new("ServiceBusConnection", "Endpoint=sb://127.0.0.1:1/;SharedAccessKeyName=root;SharedAccessKey=key;UseDevelopmentEmulator=true"),
            .. settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value)),
        ]).Build();
        var collection = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddControlPlane();
        collection.AddSingleton<TimeProvider>(Time);
        collection.AddSingleton<INodeQueues>(Queues).AddSingleton<ICommandQueue>(Queues);
        services = collection.BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; } = new(Start);

    internal RecordedQueues Queues { get; } = new();

    public string Folder => folder.Path;

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>An instance of a function class.</summary>
    public T Make<T>() => ActivatorUtilities.CreateInstance<T>(services);

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        folder.Dispose();
    }
}

/// <summary>Queues that only remember.</summary>
internal sealed class RecordedQueues : INodeQueues, ICommandQueue
{
    private readonly List<(string Node, OutgoingMessage Message)> sent = [];

    public List<string> Created { get; } = [];

    public List<string> Deleted { get; } = [];

    /// <summary>Why forged events were put aside.</summary>
    public List<string> PutAside { get; } = [];

    /// <summary>Called for each command that is sent, after it was remembered.</summary>
    public Func<CommandEnvelope, Task>? OnCommand { get; set; }

    public IReadOnlyList<(string Node, OutgoingMessage Message)> Sent
    {
        get
        {
            lock (sent)
            {
                return [.. sent];
            }
        }
    }

    public Task EnsureEventsAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>The keys by which nodes send events.</summary>
    public SendKeys Keys { get; set; } = new("k2", "k3");

    public Task<SendKeys> EventsKeysAsync(CancellationToken ct) => Task.FromResult(Keys);

    public Task SetEventsKeysAsync(SendKeys keys, CancellationToken ct)
    {
        Keys = keys;
        return Task.CompletedTask;
    }

    public Task<NodeQueueCredentials> CreateAsync(string nodeId, CancellationToken ct)
    {
        Created.Add(nodeId);
        return Task.FromResult(new NodeQueueCredentials("amqp://127.0.0.1:5672", new(QueueNames.OfNode(nodeId), "c", "k1"), new(QueueNames.Events, "e", Keys.Primary)));
    }

    public Task PutAsideAsync(ReadOnlyMemory<byte> message, string reason, string description, CancellationToken ct)
    {
        PutAside.Add(reason);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string nodeId, CancellationToken ct)
    {
        Deleted.Add(nodeId);
        return Task.CompletedTask;
    }

    public async Task SendAsync(string nodeId, OutgoingMessage message, CancellationToken ct)
    {
        lock (sent)
        {
            sent.Add((nodeId, message));
        }

        if (OnCommand is { } react)
        {
            await react(message.Command());
        }
    }
}
