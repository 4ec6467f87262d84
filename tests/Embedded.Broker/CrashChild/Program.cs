using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.Broker;

// A broker in a process of its own, made to be killed. Arguments: database file, port, root key. It ends when its input ends.
var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
builder.Services.AddEmbeddedBroker(options =>
{
    options.DatabasePath = args[0];
    options.AmqpEndpoint = new Uri($"amqp://127.0.0.1:{args[1]}");
    options.RootKey = args[2];
    options.ReadyPageSize = 50;
});
using var host = builder.Build();
await host.StartAsync();
Console.WriteLine("ready");
await Console.In.ReadToEndAsync();
await host.StopAsync();
