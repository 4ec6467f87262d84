using System.Reflection;
using System.Security.Authentication;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.Broker;
using VpsPilot.Embedded.DurableTask.Hosting;
using VpsPilot.Embedded.Functions.Hosting.Discovery;
using VpsPilot.Embedded.Functions.Hosting.Durable;
using VpsPilot.Embedded.Functions.Hosting.Http;
using VpsPilot.Embedded.Functions.Hosting.Invocation;
using VpsPilot.Embedded.Functions.Hosting.ServiceBus;
using VpsPilot.Embedded.Functions.Hosting.Timers;

namespace VpsPilot.Embedded.Functions.Hosting;

/// <summary>Puts a functions app, the Durable Task engine and the broker into one process.</summary>
internal static class EmbeddedHost
{
    /// <summary>Name of a setting that names the assembly with the functions; tests set it. Default: the entry assembly.</summary>
    public const string AssemblySetting = "Embedded:FunctionsAssembly";

    private const int SessionsInMemory = 500;

    /// <summary>Reads settings before the app does, so that the app finds what Azure would have set.</summary>
    public static void AddDefaults(WebApplicationBuilder builder, string[] args)
    {
        AddLocalSettings(builder.Configuration);
        builder.Configuration.AddEnvironmentVariables();
        builder.Configuration.AddCommandLine(args);
        var settings = EmbeddedSettings.Read(builder.Configuration);
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = settings.AppSettings() });
        builder.WebHost.UseUrls(settings.Urls);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ConfigureHttpsDefaults(https =>
            {
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                https.ServerCertificateSelector = (_, _) => settings.Certificates?.Current();
            });
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.AddSingleton(settings);
        builder.Services.TryAddSingleton(TimeProvider.System);
    }

    public static IHost Build(WebApplicationBuilder builder, MiddlewarePipeline pipeline)
    {
        var settings = (EmbeddedSettings)builder.Services.Single(s => s.ServiceType == typeof(EmbeddedSettings)).ImplementationInstance!;
        var host = HostJson.Read(Path.Combine(AppContext.BaseDirectory, "host.json"));
        var assembly = builder.Configuration[AssemblySetting] is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly()!;
        List<FunctionInvoker> functions = [.. FunctionMethod.FindAll(assembly).Select(f => new FunctionInvoker(f, pipeline))];
        WebApplication? app = null;

        builder.Services.AddSingleton(host);
        builder.Services.AddSingleton<AccessKeys>();
        builder.Services.AddMvcCore(); // The executors of IActionResult.
        builder.Services.AddEmbeddedBroker(o =>
        {
            o.DatabasePath = Path.Combine(settings.DataDirectory, "queues.db");
            o.AmqpEndpoint = settings.BrokerEndpoint;
            o.RootKeyName = EmbeddedSettings.BrokerKeyName;
            o.RootKey = settings.BrokerKey;
            o.CertificateSource = settings.Certificates is { } certificates ? certificates.Current : null;
        });
        var registry = new DurableTaskRegistry();
        FunctionTasks.Register(registry, functions, host.FunctionTimeout, () => app!.Services);
        builder.Services.AddEmbeddedDurableTask(registry, o =>
        {
            o.DatabasePath = Path.Combine(settings.DataDirectory, $"{host.HubName}.db");
            o.MaxConcurrentActivities = host.MaxConcurrentActivities;
            o.MaxConcurrentOrchestrators = host.MaxConcurrentOrchestrators;
            o.SessionsInMemory = SessionsInMemory;
        });
        AddListeners(builder.Services, functions);

        app = builder.Build();
        HttpFunctions.Map(app, functions, host);
        DurableManagementApi.Map(app);
        ManagementAddresses.Serve(app.Services.GetRequiredService<DurableTaskClient>(), settings.LocalUrl, app.Services.GetRequiredService<AccessKeys>().System);
        app.MapGroup(EmbeddedSettings.BrokerManagementPath).MapBrokerManagement();
        HostLog.Serving(app.Logger, functions.Count, host.RoutePrefix);
        return app;
    }

    private static void AddListeners(IServiceCollection services, List<FunctionInvoker> functions)
    {
        foreach (var function in functions)
        {
            switch (function.Function.Trigger)
            {
                case ServiceBusTriggerAttribute trigger:
                    services.AddSingleton<IHostedService>(s => ActivatorUtilities.CreateInstance<ServiceBusListener>(s, function, trigger));
                    break;
                case TimerTriggerAttribute trigger:
                    services.AddSingleton<IHostedService>(s => ActivatorUtilities.CreateInstance<TimerListener>(s, function, trigger));
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>The <c>Values</c> of <c>local.settings.json</c>, as the Functions tools read them.</summary>
    private static void AddLocalSettings(ConfigurationManager configuration)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "local.settings.json");
        if (!File.Exists(path))
        {
            return;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        if (document.RootElement.TryGetProperty("Values", out var values))
        {
            configuration.AddInMemoryCollection(values.EnumerateObject().Select(v => new KeyValuePair<string, string?>(v.Name.Replace("__", ":", StringComparison.Ordinal), v.Value.ToString())));
        }
    }
}
