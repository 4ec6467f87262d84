using System.Text;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Secrets;

/// <summary>The newest version of a secret as stored; deleted ones stay as a number, so that versions never repeat.</summary>
internal sealed record SecretHead(SecretInfo Info, bool IsDeleted);

/// <summary>One version of a secret as stored.</summary>
internal sealed record StoredSecret(SecretInfo Info, EncryptedValue Value);

/// <summary>
/// Secrets in the state store, encrypted under the ring of keys. A version is written first and then made the newest, so that a stop in between
/// leaves the earlier one in force.
/// </summary>
internal sealed class EncryptedSecretStore(IStateStore store, SecretCipher cipher, TimeProvider time) : ISecretStore, IEncryptedValues
{
    /// <summary>More than any node keeps releases of.</summary>
    private const int KeptVersions = 100;

    public async Task<SecretInfo> SetAsync(SecretPlace place, string value, string by, CancellationToken ct)
    {
        var head = await store.GetAsync(Heads(place.Project), KeyOf(place), SecretsJson.Default.SecretHead, ct);
        var info = new SecretInfo
        {
            Name = place.Name,
            Scope = place.Scope.Key,
            Version = head?.Value.Info.Version ?? 0,
            UpdatedAt = time.GetUtcNow(),
            UpdatedBy = by,
            Bytes = Encoding.UTF8.GetByteCount(value),
        };
        do
        {
            // A number that is taken belongs to another writer, or to one that stopped half-way.
            info = info with { Version = info.Version + 1 };
        }
        while (await store.InsertAsync(Values(place.Project), KeyOf(place, info.Version), new StoredSecret(info, await cipher.EncryptAsync(place.Bound(info.Version), value, ct)), SecretsJson.Default.StoredSecret, ct) is null);

        await store.UpdateAsync(Heads(place.Project), KeyOf(place), current => current?.Info.Version > info.Version ? null : new SecretHead(info, IsDeleted: false), SecretsJson.Default.SecretHead, ct);
        foreach (var old in (await AllAsync(place, ct)).Skip(KeptVersions))
        {
            await store.DeleteAsync(Values(place.Project), old.Key, null, ct);
        }

        return info;
    }

    public async Task RestoreAsync(string project, SecretInfo info, string value, CancellationToken ct)
    {
        var place = info.PlaceIn(project);
        var stored = new StoredSecret(info, await cipher.EncryptAsync(place.Bound(info.Version), value, ct));
        await store.UpsertAsync(Values(project), KeyOf(place, info.Version), stored, SecretsJson.Default.StoredSecret, ct);
        await store.UpdateAsync(Heads(project), KeyOf(place), current => current?.Info.Version > info.Version ? null : new SecretHead(info, IsDeleted: false), SecretsJson.Default.SecretHead, ct);
    }

    public async Task<IReadOnlyList<SecretInfo>> ListAsync(string project, CancellationToken ct) =>
    [
        .. (await store.ListAllAsync(Heads(project), "", SecretsJson.Default.SecretHead, ct)).Where(h => !h.Value.IsDeleted).Select(h => h.Value.Info)
            .OrderBy(i => i.Name, StringComparer.Ordinal).ThenBy(i => i.Scope, StringComparer.Ordinal),
    ];

    public async Task<IReadOnlyList<SecretInfo>> VersionsAsync(SecretPlace place, CancellationToken ct) =>
        await store.GetAsync(Heads(place.Project), KeyOf(place), SecretsJson.Default.SecretHead, ct) is { Value: { IsDeleted: false, Info.Version: var newest } }
            ? [.. (await AllAsync(place, ct)).Select(v => v.Value.Info).Where(i => i.Version <= newest)]
            : [];

    public async Task<string?> ReadAsync(SecretPlace place, int version, CancellationToken ct) =>
        await store.GetAsync(Values(place.Project), KeyOf(place, version), SecretsJson.Default.StoredSecret, ct) is { Value.Value: var value } ? await cipher.DecryptAsync(place.Bound(version), value, ct) : null;

    public async Task<SecretDeletion> DeleteAsync(SecretPlace place, bool purge, CancellationToken ct)
    {
        var was = false;
        await store.UpdateAsync(Heads(place.Project), KeyOf(place), current =>
        {
            was = current is { IsDeleted: false };
            return was ? current! with { IsDeleted = true } : null;
        }, SecretsJson.Default.SecretHead, ct);
        foreach (var version in await AllAsync(place, ct))
        {
            await store.DeleteAsync(Values(place.Project), version.Key, null, ct);
        }

        return was ? SecretDeletion.Deleted : SecretDeletion.NotFound;
    }

    public async Task<int> ReencryptAsync(string project, CancellationToken ct)
    {
        var found = 0;
        foreach (var stored in await store.ListAllAsync(Values(project), "", SecretsJson.Default.StoredSecret, ct))
        {
            if (await cipher.IsCurrentAsync(stored.Value.Value, ct))
            {
                continue;
            }

            var info = stored.Value.Info;
            var anew = stored.Value with { Value = await cipher.ReencryptAsync(info.PlaceIn(project).Bound(info.Version), stored.Value.Value, ct) };

            // Where another writer was faster, the next round looks again.
            await store.ReplaceAsync(Values(project), stored.Key, anew, stored.ETag, SecretsJson.Default.StoredSecret, ct);
            found++;
        }

        return found;
    }

    private static string Heads(string project) => "secret:" + project;

    private static string Values(string project) => "secret-value:" + project;

    private static string KeyOf(SecretPlace place) => $"{place.Scope.Key}:{place.Name}";

    private static string KeyOf(SecretPlace place, int version) => $"{KeyOf(place)}:{StateKeys.Descending(version)}";

    private Task<IReadOnlyList<Versioned<StoredSecret>>> AllAsync(SecretPlace place, CancellationToken ct) =>
        store.ListAllAsync(Values(place.Project), KeyOf(place) + ":", SecretsJson.Default.StoredSecret, ct);
}
