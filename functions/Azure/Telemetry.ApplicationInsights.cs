using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Functions.Keys;

namespace VpsPilot.Functions.Hosting;

internal static partial class Telemetry
{
    /// <summary>The name under which Azure gives the app its Application Insights.</summary>
    private const string Insights = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <remarks>Source: Azure documentation, "Use OpenTelemetry with Azure Functions": the worker says that it sends its own telemetry.</remarks>
    static partial void AddApplicationInsights(IServiceCollection services, IConfiguration configuration)
    {
        if (configuration[Insights] is { Length: > 0 } connection)
        {
            Collect(services).UseFunctionsWorkerDefaults().UseAzureMonitorExporter(options =>
            {
                options.ConnectionString = connection;
                options.Credential = AppIdentity.Credential;
            });
        }
    }
}
