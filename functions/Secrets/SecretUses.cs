using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Secrets;

/// <summary>Which version of a secret was used.</summary>
internal sealed record UsedSecret(string Name, string Scope, int Version);

/// <summary>The versions that one release got on one node.</summary>
internal sealed record SecretUse(string ReleaseId, string NodeId, IReadOnlyList<UsedSecret> Secrets);

/// <summary>
/// Remembers which versions each release got on each node. They are fixed at the first command of the release, so that its build and its
/// activation see the same values, and a release that is built again later gets the values that it had.
/// </summary>
internal sealed class SecretUses(IStateStore store, ISecretStore secrets)
{
    /// <summary>The versions of the release on the node; fixed now when they were not.</summary>
    public async Task<SecretUse> FixAsync(string project, string environment, string releaseId, string nodeId, CancellationToken ct)
    {
        if (await FindAsync(project, releaseId, nodeId, ct) is { } known)
        {
            return known;
        }

        var use = new SecretUse(releaseId, nodeId, await InForceAsync(project, environment, nodeId, ct));
        return await store.InsertAsync(Partition(project), KeyOf(releaseId, nodeId), use, SecretsJson.Default.SecretUse, ct) is not null
            ? use
            : await FindAsync(project, releaseId, nodeId, ct) ?? use;
    }

    /// <summary>The newest versions that reach the node: of each name the one with the most specific scope.</summary>
    public async Task<IReadOnlyList<UsedSecret>> InForceAsync(string project, string environment, string nodeId, CancellationToken ct) =>
    [
        .. (await secrets.ListAsync(project, ct)).Select(info => (Info: info, Scope: SecretScope.Parse(info.Scope)))
            .Where(s => s.Scope?.Reaches(environment, nodeId) == true)
            .GroupBy(s => s.Info.Name, StringComparer.Ordinal)
            .Select(g => g.MaxBy(s => s.Scope!.Kind).Info)
            .Select(i => new UsedSecret(i.Name, i.Scope, i.Version)),
    ];

    /// <summary>What a release used, on each node.</summary>
    public async Task<IReadOnlyList<SecretUse>> OfReleaseAsync(string project, string releaseId, CancellationToken ct) =>
        [.. (await store.ListAllAsync(Partition(project), releaseId + ":", SecretsJson.Default.SecretUse, ct)).Select(u => u.Value)];

    /// <summary>The values by name. A version that was deleted since is left out: the node then says which placeholder has no value.</summary>
    public async Task<Dictionary<string, string>> ReadAsync(string project, IReadOnlyList<UsedSecret> used, CancellationToken ct)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var secret in used)
        {
            var place = new SecretPlace(project, SecretScope.Parse(secret.Scope) ?? SecretScope.Project, secret.Name);
            if (await secrets.ReadAsync(place, secret.Version, ct) is { } value)
            {
                values[secret.Name] = value;
            }
        }

        return values;
    }

    /// <summary>Forgets the releases of a project that is deleted.</summary>
    public async Task DeleteAllAsync(string project, CancellationToken ct)
    {
        foreach (var use in await store.ListAllAsync(Partition(project), "", SecretsJson.Default.SecretUse, ct))
        {
            await store.DeleteAsync(Partition(project), use.Key, null, ct);
        }
    }

    private static string Partition(string project) => "secret-use:" + project;

    private static string KeyOf(string releaseId, string nodeId) => $"{releaseId}:{nodeId}";

    private async Task<SecretUse?> FindAsync(string project, string releaseId, string nodeId, CancellationToken ct) =>
        (await store.GetAsync(Partition(project), KeyOf(releaseId, nodeId), SecretsJson.Default.SecretUse, ct))?.Value;
}
