using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace VpsPilot.Functions.Hosting;

/// <summary>
/// Traces and metrics over OTLP, only where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; OpenTelemetry's other standard variables count too.
/// In a build for Azure also to Application Insights, where <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is set. Without either nothing is
/// collected, and trace contexts are still passed on.
/// </summary>
internal static partial class Telemetry
{
    /// <summary>OpenTelemetry's own name of the setting.</summary>
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Name of the control plane's own trace source.</summary>
    public const string Source = "VpsPilot.Functions";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (!string.IsNullOrEmpty(configuration[Endpoint]))
        {
            Collect(services).WithTracing(traces => traces.AddOtlpExporter()).WithMetrics(metrics => metrics.AddOtlpExporter());
        }

        AddApplicationInsights(services, configuration);
        return services;
    }

    /// <summary>Only a build for Azure has it.</summary>
    static partial void AddApplicationInsights(IServiceCollection services, IConfiguration configuration);

    /// <summary>What is collected, whoever gets it. May be asked for twice.</summary>
    private static OpenTelemetryBuilder Collect(IServiceCollection services) => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("vpspilot-control-plane"))
        .WithTracing(traces => traces.AddSource("Microsoft.AspNetCore", "Microsoft.Azure.Functions.Worker", "Microsoft.DurableTask", Source))
        .WithMetrics(metrics => metrics.AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.DurableTask", "VpsPilot.Embedded.Broker"));
}
