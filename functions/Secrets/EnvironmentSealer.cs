using System.Security.Cryptography;
using System.Text.Json;
using VpsPilot.Contracts;

namespace VpsPilot.Functions.Secrets;

/// <summary>Seals the values of a project to a node, at the moment of sending; nowhere else do values leave the store.</summary>
internal sealed class EnvironmentSealer(ISecretStore secrets)
{
    /// <summary>The values as JSON, which only the node can open, and only for this command; null when the project has none.</summary>
    public async Task<SealedBox?> SealAsync(string project, string sealingKey, string commandId, CancellationToken ct)
    {
        var values = await secrets.ReadAllAsync(project, ct);
        if (values.Count == 0)
        {
            return null;
        }

        var plaintext = JsonSerializer.SerializeToUtf8Bytes(values, ContractsJson.Default.DictionaryStringString);
        try
        {
            return SealedBox.Seal(sealingKey, plaintext, commandId);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }
}
