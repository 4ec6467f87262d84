namespace VpsPilot.Functions.Secrets;

/// <summary>
/// The secret values of projects, each in several versions. A value comes out only to be sealed to a node. Versions count up with every
/// change, also over a deletion; a version that was deleted cannot be read again, also not after the secret was set anew.
/// </summary>
internal interface ISecretStore
{
    /// <summary>Stores a value; the next version of it.</summary>
    Task<SecretInfo> SetAsync(SecretPlace place, string value, string by, CancellationToken ct);

    /// <summary>Stores a version as another store had it, with its number, time and author. Versions of one secret are to come in their order; one that is there stays as it is, or gets the same value.</summary>
    Task RestoreAsync(string project, SecretInfo info, string value, CancellationToken ct);

    /// <summary>The newest version of each secret of a project, by name and then by scope, without the values.</summary>
    Task<IReadOnlyList<SecretInfo>> ListAsync(string project, CancellationToken ct);

    /// <summary>The versions of one secret that can be read, newest first; empty when there is none.</summary>
    Task<IReadOnlyList<SecretInfo>> VersionsAsync(SecretPlace place, CancellationToken ct);

    /// <summary>One version's value; null when it is not there any more.</summary>
    Task<string?> ReadAsync(SecretPlace place, int version, CancellationToken ct);

    /// <summary>Deletes all versions.</summary>
    /// <param name="place">The secret.</param>
    /// <param name="purge">Also out of what a vault keeps of deleted secrets.</param>
    /// <param name="ct">Cancels the work.</param>
    Task<SecretDeletion> DeleteAsync(SecretPlace place, bool purge, CancellationToken ct);
}

internal static class SecretReads
{
    /// <summary>The newest version's value; null when there is none.</summary>
    public static async Task<string?> ReadNewestAsync(this ISecretStore store, SecretPlace place, CancellationToken ct) =>
        await store.VersionsAsync(place, ct) is [{ Version: var newest }, ..] ? await store.ReadAsync(place, newest, ct) : null;
}

/// <summary>How a deletion ended.</summary>
internal enum SecretDeletion
{
    /// <summary>There was no such secret.</summary>
    NotFound,

    /// <summary>It is gone, or kept by the vault for the time of its soft delete.</summary>
    Deleted,

    /// <summary>It is deleted, and the vault refused to purge it (purge protection, or no right to).</summary>
    PurgeRefused,
}

/// <summary>One version of a secret without its value.</summary>
internal sealed record SecretInfo
{
    public required string Name { get; init; }

    /// <summary>See <see cref="SecretScope.Key"/>.</summary>
    public required string Scope { get; init; }

    /// <summary>Counts up with every change, from 1.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string UpdatedBy { get; init; }

    /// <summary>Size of the value in UTF-8 bytes.</summary>
    public required int Bytes { get; init; }

    public SecretPlace PlaceIn(string project) => new(project, SecretScope.Parse(Scope) ?? SecretScope.Project, Name);
}
