using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Idempotency;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Hosting;

/// <summary>The control plane as a functions app.</summary>
internal static class ControlPlaneApp
{
    /// <summary>Puts the app together.</summary>
    /// <param name="args">Settings on the command line.</param>
    /// <param name="configure">Changes services; for tests.</param>
    public static IHost Build(string[] args, Action<IServiceCollection>? configure = null)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<ProblemMiddleware>();
        builder.UseMiddleware<AccessMiddleware>();
        builder.UseMiddleware<IdempotencyMiddleware>();
        builder.Services.AddControlPlane().AddTelemetry(builder.Configuration);
        configure?.Invoke(builder.Services);
        return builder.Build();
    }

    /// <summary>What has to be there before anything listens: right settings, and an admin token.</summary>
    /// <exception cref="SettingsException">Settings are missing or wrong.</exception>
    public static async Task PrepareAsync(IHost host, CancellationToken ct)
    {
        _ = host.Services.GetRequiredService<ControlPlaneOptions>();
        _ = host.Services.GetRequiredService<ICommandQueue>();
        await host.Services.EnsureStorageAsync(ct);
        await host.Services.GetRequiredService<AdminToken>().EnsureAsync(ct);
    }
}
