using System.Security.Cryptography;
using VpsPilot.Functions.Keys;

namespace VpsPilot.Functions.Secrets;

/// <summary>A 256-bit key.</summary>
/// <param name="Id">The first 8 hex digits of the key's SHA-256.</param>
/// <param name="Bytes">32 bytes.</param>
internal sealed record SecretKey(string Id, byte[] Bytes);

/// <summary>
/// The keys of values at rest: one a line in base64, the newest first. A rotation keeps all that there are until every value is under the newest,
/// and then the one before until the next rotation, for what was being written while keys changed.
/// </summary>
internal sealed class SecretKeyRing(IKeyStore store)
{
    private const int Kept = 2;

    private readonly Lock gate = new();
    private IReadOnlyList<SecretKey> keys = [];

    /// <summary>Where the keys are, for messages.</summary>
    public string Place => store.PlaceOf(KeyNames.Secrets);

    /// <summary>The key that is encrypted with. It is read each time: another process may have rotated.</summary>
    public async Task<SecretKey> NewestAsync(CancellationToken ct) => (await ReadAsync(ct)).Keys[0];

    /// <summary>The key of that id; null when there is none. Null asks for the oldest, which wrote no ids.</summary>
    public async Task<SecretKey?> FindAsync(string? id, CancellationToken ct)
    {
        bool Is(SecretKey key) => key.Id == id;
        lock (gate)
        {
            if (id is not null && keys.FirstOrDefault(Is) is { } known)
            {
                return known;
            }
        }

        var (_, present) = await ReadAsync(ct);
        return id is null ? present[^1] : present.FirstOrDefault(Is);
    }

    /// <summary>Puts a new key at the top and keeps those that were there: another rotation may be under way, with values under any of them.</summary>
    public async Task<SecretKey> RotateAsync(CancellationToken ct)
    {
        while (true)
        {
            var (text, present) = await ReadAsync(ct);
            var added = KeyOf(RandomNumberGenerator.GetBytes(32));
            if (await store.ReplaceAsync(KeyNames.Secrets, text, Text([added, .. present]), ct))
            {
                return added;
            }
        }
    }

    /// <summary>Forgets all but <paramref name="newest"/> and the key before it, once every value is under it. Where a newer one came, that rotation does it.</summary>
    public async Task ForgetEarlierAsync(SecretKey newest, CancellationToken ct)
    {
        var (text, present) = await ReadAsync(ct);
        if (present.Count > Kept && present[0].Id == newest.Id)
        {
            await store.ReplaceAsync(KeyNames.Secrets, text, Text(present.Take(Kept)), ct);
        }
    }

    private static string NewKey() => Text([KeyOf(RandomNumberGenerator.GetBytes(32))]);

    private static string Text(IEnumerable<SecretKey> keys) => string.Join('\n', keys.Select(k => Convert.ToBase64String(k.Bytes)));

    private static SecretKey KeyOf(byte[] bytes) => new(Convert.ToHexStringLower(SHA256.HashData(bytes))[..8], bytes);

    private async Task<(string Text, IReadOnlyList<SecretKey> Keys)> ReadAsync(CancellationToken ct)
    {
        var text = await store.ReadOrCreateAsync(KeyNames.Secrets, NewKey, ct);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        IReadOnlyList<SecretKey> read = [.. lines.Select(Convert.FromBase64String).Select(KeyOf)];
        lock (gate)
        {
            keys = read;
        }

        return (text, read);
    }
}
