using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using Azure;
using Azure.Security.KeyVault.Secrets;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Keys;

/// <summary>Which version in the vault counts.</summary>
/// <param name="Version">The vault's id of it.</param>
internal sealed record KeyVersion(string Version);

/// <summary>Source-generated JSON of <see cref="KeyVersion"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeyVersion))]
internal sealed partial class KeysJson : JsonSerializerContext;

/// <summary>
/// The control plane's own secrets in Azure Key Vault, as <c>vpspilot-own-NAME</c>. A vault takes every write and calls the last one the newest,
/// which is no way to agree on a key; so a document of the state says which version counts, and is written under its etag. Whoever loses that
/// race takes what the other one wrote, and makes it the newest in the vault again. State that was lost is found again: the vault's newest version is then taken over.
/// </summary>
/// <remarks>Protocol: Azure documentation, "Key Vault REST API reference", Secrets; error 409 for a name that is soft-deleted.</remarks>
internal sealed class KeyVaultKeys(SecretClient client, IStateStore store, TimeProvider time) : IKeyStore
{
    private const string Partition = "own-key";
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A version never changes, so each is read once.</summary>
    private readonly ConcurrentDictionary<string, string> read = new(StringComparer.Ordinal);

    public string PlaceOf(string name) => $"the secret '{NameOf(name)}' of {client.VaultUri}";

    public async Task<string> ReadOrCreateAsync(string name, Func<string> create, CancellationToken ct)
    {
        if (await store.GetAsync(Partition, name, KeysJson.Default.KeyVersion, ct) is { Value.Version: var counts })
        {
            return await ReadAsync(name, counts, ct);
        }

        var version = await NewestAsync(name, ct) ?? await WriteAsync(name, create(), ct);
        var isMine = await store.InsertAsync(Partition, name, new KeyVersion(version), KeysJson.Default.KeyVersion, ct) is not null;
        var text = await ReadOrCreateAsync(name, create, ct);
        if (!isMine && text != await ReadAsync(name, version, ct))
        {
            // A person who looks into the vault sees the newest version: it has to be the text that counts.
            await WriteAsync(name, text, ct);
        }

        return text;
    }

    public async Task<bool> ReplaceAsync(string name, string expected, string text, CancellationToken ct)
    {
        if (await store.GetAsync(Partition, name, KeysJson.Default.KeyVersion, ct) is not { } present || await ReadAsync(name, present.Value.Version, ct) != expected)
        {
            return false;
        }

        var version = await WriteAsync(name, text, ct);
        if (await store.ReplaceAsync(Partition, name, new KeyVersion(version), present.ETag, KeysJson.Default.KeyVersion, ct) is not null)
        {
            return true;
        }

        await WriteAsync(name, await ReadOrCreateAsync(name, () => text, ct), ct);
        return false;
    }

    private static string NameOf(string name) => "vpspilot-own-" + name;

    private async Task<string> ReadAsync(string name, string version, CancellationToken ct)
    {
        if (!read.TryGetValue(version, out var text))
        {
            try
            {
                text = (await client.GetSecretAsync(NameOf(name), version, cancellationToken: ct)).Value.Value;
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                throw new InvalidOperationException($"The version {version} of {PlaceOf(name)} is not there. If it was deleted, recover it in the vault.", e);
            }

            read[version] = text;
        }

        return text;
    }

    private async Task<string?> NewestAsync(string name, CancellationToken ct)
    {
        try
        {
            return (await client.GetSecretAsync(NameOf(name), cancellationToken: ct)).Value.Properties.Version;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    private async Task<string> WriteAsync(string name, string text, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (await client.SetSecretAsync(new KeyVaultSecret(NameOf(name), text) { Properties = { ContentType = "text/plain" } }, ct)).Value.Properties.Version;
            }
            catch (RequestFailedException e) when (e.Status == 409 && attempt < Attempts)
            {
                await RecoverAsync(name, ct);
            }
        }
    }

    /// <summary>Brings a soft-deleted name back; what it had is not used again, unless the state still names it.</summary>
    private async Task RecoverAsync(string name, CancellationToken ct)
    {
        try
        {
            var recovering = await client.StartRecoverDeletedSecretAsync(NameOf(name), ct);
            await recovering.WaitForCompletionAsync(Pause, ct);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409)
        {
            // It is still being deleted, or another process brings it back.
            await Task.Delay(Pause, time, ct);
        }
    }
}
