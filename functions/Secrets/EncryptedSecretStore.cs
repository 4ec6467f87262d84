using System.Text;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Secrets;

/// <summary>A secret as stored.</summary>
internal sealed record StoredSecret(SecretInfo Info, EncryptedValue Value);

/// <summary>Secrets in the state store, encrypted under the key file.</summary>
internal sealed class EncryptedSecretStore(IStateStore store, SecretCipher cipher, TimeProvider time) : ISecretStore
{
    public async Task<SecretInfo> SetAsync(string project, string name, string value, string by, CancellationToken ct)
    {
        var stored = await store.UpdateAsync(Partition(project), name, current => Next(project, name, value, by, current), SecretsJson.Default.StoredSecret, ct);
        return stored!.Info;
    }

    public async Task<IReadOnlyList<SecretInfo>> ListAsync(string project, CancellationToken ct) =>
        [.. (await AllAsync(project, ct)).Select(s => s.Value.Info)];

    public async Task<Dictionary<string, string>> ReadAllAsync(string project, CancellationToken ct) =>
        (await AllAsync(project, ct)).ToDictionary(s => s.Key, s => cipher.Decrypt(Place(project, s.Value.Info), s.Value.Value), StringComparer.Ordinal);

    public Task<bool> DeleteAsync(string project, string name, CancellationToken ct) => store.DeleteAsync(Partition(project), name, null, ct);

    private static string Partition(string project) => "secret:" + project;

    private static string Place(string project, SecretInfo info) => $"{project}\n{info.Name}\n{info.Version}";

    private StoredSecret Next(string project, string name, string value, string by, StoredSecret? current)
    {
        var info = new SecretInfo
        {
            Name = name,
            Version = (current?.Info.Version ?? 0) + 1,
            UpdatedAt = time.GetUtcNow(),
            UpdatedBy = by,
            Bytes = Encoding.UTF8.GetByteCount(value),
        };
        return new(info, cipher.Encrypt(Place(project, info), value));
    }

    private Task<IReadOnlyList<Versioned<StoredSecret>>> AllAsync(string project, CancellationToken ct) =>
        store.ListAllAsync(Partition(project), "", SecretsJson.Default.StoredSecret, ct);
}
