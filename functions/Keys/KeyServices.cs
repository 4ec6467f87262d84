using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Keys;

/// <summary>Where the control plane's own secrets are: in the Key Vault that is named, else in files of the data folder.</summary>
internal static class KeyServices
{
    public static IServiceCollection AddKeys(this IServiceCollection services) => services.AddSingleton<IKeyStore>(p => p.GetRequiredService<ControlPlaneOptions>().KeyVaultUrl is { } vault
        ? new KeyVaultKeys(new SecretClient(vault, AppIdentity.Credential), p.GetRequiredService<IStateStore>(), p.GetRequiredService<TimeProvider>())
        : new KeyFiles(p.GetRequiredService<DataDirectory>()));
}
