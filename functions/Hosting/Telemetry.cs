using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace VpsPilot.Functions.Hosting;

/// <summary>
/// Traces and metrics over OTLP, only where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; OpenTelemetry's other standard variables count too.
/// Without it nothing is collected, and trace contexts are still passed on.
/// </summary>
internal static class Telemetry
{
    /// <summary>OpenTelemetry's own name of the setting.</summary>
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(configuration[Endpoint]))
        {
            return services;
        }

        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("vpspilot-control-plane"))
            .WithTracing(traces => traces.AddSource("Microsoft.AspNetCore", "Microsoft.Azure.Functions.Worker", "Microsoft.DurableTask").AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.DurableTask").AddOtlpExporter());
        return services;
    }
}
