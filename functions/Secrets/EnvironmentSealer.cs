using System.Security.Cryptography;
using System.Text.Json;
using VpsPilot.Contracts;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Secrets;

/// <summary>Seals the values of a project to a node, at the moment of sending; nowhere else do values leave the store. Each time is in the audit log.</summary>
internal sealed class EnvironmentSealer(SecretUses uses, ProjectStore projects, NodeStore nodes, AuditLog audit)
{
    /// <summary>The values that a release has on a node, sealed for one command; null when the project has none.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="releaseId">The release: the id of the deployment that built it. Its versions are fixed by the first call.</param>
    /// <param name="nodeId">The node; only it can open the box.</param>
    /// <param name="commandId">The command; the box can be opened for no other.</param>
    /// <param name="ct">Cancels the work.</param>
    /// <exception cref="InvalidOperationException">The project is not there, or the node is not enrolled.</exception>
    public async Task<SealedBox?> SealReleaseAsync(string projectId, string releaseId, string nodeId, string commandId, CancellationToken ct) =>
        await SealAsync(projectId, nodeId, commandId, (await uses.FixAsync(projectId, await EnvironmentOfAsync(projectId, ct), releaseId, nodeId, ct)).Secrets, ct);

    /// <summary>The newest values, sealed for one command; null when the project has none.</summary>
    /// <exception cref="InvalidOperationException">The project is not there, or the node is not enrolled.</exception>
    public async Task<SealedBox?> SealNewestAsync(string projectId, string nodeId, string commandId, CancellationToken ct) =>
        await SealAsync(projectId, nodeId, commandId, await uses.InForceAsync(projectId, await EnvironmentOfAsync(projectId, ct), nodeId, ct), ct);

    private async Task<string> EnvironmentOfAsync(string projectId, CancellationToken ct) =>
        (await projects.GetAsync(projectId, ct))?.Environment ?? throw new InvalidOperationException($"There is no project {projectId}.");

    private async Task<SealedBox?> SealAsync(string projectId, string nodeId, string commandId, IReadOnlyList<UsedSecret> used, CancellationToken ct)
    {
        var key = (await nodes.GetAsync(nodeId, ct))?.SealingKey ?? throw new InvalidOperationException($"The node {nodeId} is not enrolled.");
        if (used.Count == 0 || await uses.ReadAsync(projectId, used, ct) is not { Count: > 0 } values)
        {
            return null;
        }

        await audit.WriteAsync(new AuditEntry { Who = "control-plane", What = "SealEnvironment", Method = "SEAL", Path = $"{projectId} {commandId}", Status = 200 }, ct);
        var plaintext = JsonSerializer.SerializeToUtf8Bytes(values, ContractsJson.Default.DictionaryStringString);
        try
        {
            return SealedBox.Seal(key, plaintext, commandId);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }
}
