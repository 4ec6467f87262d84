using System.Security.Cryptography;
using System.Text.Json;
using VpsPilot.Contracts;
using VpsPilot.Functions.Access;

namespace VpsPilot.Functions.Secrets;

/// <summary>Seals the values of a project to a node, at the moment of sending; nowhere else do values leave the store. Each time is in the audit log.</summary>
internal sealed class EnvironmentSealer(ISecretStore secrets, AuditLog audit)
{
    /// <summary>The values as JSON, which only the node can open, and only for this command; null when the project has none.</summary>
    public async Task<SealedBox?> SealAsync(string project, string sealingKey, string commandId, CancellationToken ct)
    {
        var values = await secrets.ReadAllAsync(project, ct);
        if (values.Count == 0)
        {
            return null;
        }

        await audit.WriteAsync(new AuditEntry { Who = "control-plane", What = "SealEnvironment", Method = "SEAL", Path = $"{project} {commandId}", Status = 200 }, ct);
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
