using System.Text;
using Azure;
using Azure.Security.KeyVault.Secrets;

namespace VpsPilot.Functions.Secrets.KeyVault;

/// <summary>
/// Secrets in Azure Key Vault. Numbers, scopes and authors are in tags. A name that is soft-deleted is recovered before it is set again, and
/// its earlier versions are then disabled, so that a deletion stays one. What is changed in the vault by other hands is not seen.
/// </summary>
/// <remarks>Protocol: Azure documentation, "Key Vault REST API reference", Secrets; error 409 <c>ObjectIsDeletedButRecoverable</c>.</remarks>
internal sealed class KeyVaultSecretStore(SecretClient client, TimeProvider time) : ISecretStore
{
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Key Vault lists all or nothing, and each command that brings values asks: those of a deployment share the lists.</summary>
    private readonly SharedReading<IReadOnlyList<SecretProperties>> all = new(() => ReadAllAsync(client));

    public async Task<SecretInfo> SetAsync(SecretPlace place, string value, string by, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var info = new SecretInfo
            {
                Name = place.Name,
                Scope = place.Scope.Key,
                Version = (await AllAsync(place, ct)).Select(v => v.Info.Version).DefaultIfEmpty().Max() + 1,
                UpdatedAt = time.GetUtcNow(),
                UpdatedBy = by,
                Bytes = Encoding.UTF8.GetByteCount(value),
            };
            if (await TrySetAsync(place, info, value, isRestored: false, attempt, ct) is { } set)
            {
                return info with { UpdatedAt = set.CreatedOn ?? info.UpdatedAt };
            }
        }
    }

    public async Task RestoreAsync(string project, SecretInfo info, string value, CancellationToken ct)
    {
        var place = info.PlaceIn(project);
        for (var attempt = 1; await ReadAsync(place, info.Version, ct) != value; attempt++)
        {
            await TrySetAsync(place, info, value, isRestored: true, attempt, ct);
        }
    }

    /// <summary>Null when the name was soft-deleted; it is brought back then, for the next attempt.</summary>
    private async Task<SecretProperties?> TrySetAsync(SecretPlace place, SecretInfo info, string value, bool isRestored, int attempt, CancellationToken ct)
    {
        var secret = new KeyVaultSecret(KeyVaultNames.Of(place), value) { Properties = { ContentType = "text/plain" } };
        KeyVaultTags.Write(secret.Properties.Tags, place.Project, info, isRestored);
        try
        {
            return (await client.SetSecretAsync(secret, ct)).Value.Properties;
        }
        catch (RequestFailedException e) when (e.Status == 409 && attempt < Attempts)
        {
            await RecoverAsync(place, ct);
            return null;
        }
    }

    public async Task<IReadOnlyList<SecretInfo>> ListAsync(string project, CancellationToken ct)
    {
        var infos = new List<SecretInfo>();
        foreach (var properties in await all.ReadAsync(ct))
        {
            if (properties.Enabled != false && KeyVaultTags.Read(properties, project) is { } info)
            {
                infos.Add(info);
            }
        }

        return [.. infos.OrderBy(i => i.Name, StringComparer.Ordinal).ThenBy(i => i.Scope, StringComparer.Ordinal)];
    }

    private static async Task<IReadOnlyList<SecretProperties>> ReadAllAsync(SecretClient client)
    {
        var read = new List<SecretProperties>();
        await foreach (var properties in client.GetPropertiesOfSecretsAsync())
        {
            read.Add(properties);
        }

        return read;
    }

    public async Task<IReadOnlyList<SecretInfo>> VersionsAsync(SecretPlace place, CancellationToken ct) =>
        [.. (await AllAsync(place, ct)).Where(v => v.Properties.Enabled != false).Select(v => v.Info)];

    public async Task<string?> ReadAsync(SecretPlace place, int version, CancellationToken ct)
    {
        if ((await AllAsync(place, ct)).FirstOrDefault(v => v.Info.Version == version && v.Properties.Enabled != false).Properties is not { } wanted)
        {
            return null;
        }

        try
        {
            return (await client.GetSecretAsync(wanted.Name, wanted.Version, cancellationToken: ct)).Value.Value;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    public async Task<SecretDeletion> DeleteAsync(SecretPlace place, bool purge, CancellationToken ct)
    {
        var name = KeyVaultNames.Of(place);
        try
        {
            var deleting = await client.StartDeleteSecretAsync(name, ct);
            await deleting.WaitForCompletionAsync(Pause, ct);
            if (purge)
            {
                await client.PurgeDeletedSecretAsync(name, ct);
            }

            return SecretDeletion.Deleted;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return SecretDeletion.NotFound;
        }
        catch (RequestFailedException e) when (purge && e.Status is 400 or 403)
        {
            return SecretDeletion.PurgeRefused;
        }
    }

    /// <summary>Brings a soft-deleted name back, and takes its earlier versions out of use.</summary>
    private async Task RecoverAsync(SecretPlace place, CancellationToken ct)
    {
        try
        {
            var recovering = await client.StartRecoverDeletedSecretAsync(KeyVaultNames.Of(place), ct);
            await recovering.WaitForCompletionAsync(Pause, ct);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409)
        {
            // It is still being deleted, or is being recovered by another.
            await Task.Delay(Pause, time, ct);
            return;
        }

        foreach (var (properties, _) in await AllAsync(place, ct))
        {
            properties.Enabled = false;
            await client.UpdateSecretPropertiesAsync(properties, ct);
        }
    }

    /// <summary>All versions with a number, the newest first. Of two with the same number, which two writers at once may give, the later counts.</summary>
    private async Task<IReadOnlyList<(SecretProperties Properties, SecretInfo Info)>> AllAsync(SecretPlace place, CancellationToken ct)
    {
        var versions = new List<(SecretProperties Properties, SecretInfo Info)>();
        try
        {
            await foreach (var properties in client.GetPropertiesOfSecretVersionsAsync(KeyVaultNames.Of(place), ct))
            {
                if (KeyVaultTags.Read(properties, place.Project) is { } info)
                {
                    versions.Add((properties, info));
                }
            }
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return [];
        }

        return [.. versions.OrderByDescending(v => v.Info.Version).ThenByDescending(v => v.Info.UpdatedAt).DistinctBy(v => v.Info.Version)];
    }
}
