using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Idempotency;
using VpsPilot.Functions.Keys;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Secrets.KeyVault;

namespace VpsPilot.Functions.Secrets;

/// <summary>Where secrets are: in the Key Vault that is named, else encrypted in the state store.</summary>
internal static class SecretServices
{
    public static IServiceCollection AddSecrets(this IServiceCollection services)
    {
        services.AddSingleton<SecretKeyRing>().AddSingleton<SecretCipher>().AddSingleton<EncryptedSecretStore>();
        services.AddSingleton<ISecretStore>(p => p.GetRequiredService<ControlPlaneOptions>().KeyVaultUrl is { } vault
            ? new KeyVaultSecretStore(new SecretClient(vault, AppIdentity.Credential), p.GetRequiredService<TimeProvider>())
            : p.GetRequiredService<EncryptedSecretStore>());
        services.AddSingleton<IEncryptedValues>(p => p.GetRequiredService<EncryptedSecretStore>()).AddSingleton<IEncryptedValues>(p => p.GetRequiredService<ProjectStore>())
            .AddSingleton<IEncryptedValues>(p => p.GetRequiredService<IdempotencyStore>());
        return services.AddSingleton<SecretOwners>().AddSingleton<SecretUses>().AddSingleton<EnvironmentSealer>();
    }
}
