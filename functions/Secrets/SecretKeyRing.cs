using System.Security.Cryptography;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Secrets;

/// <summary>A 256-bit key.</summary>
/// <param name="Id">The first 8 hex digits of the key's SHA-256.</param>
/// <param name="Bytes">32 bytes.</param>
internal sealed record SecretKey(string Id, byte[] Bytes);

/// <summary>
/// The key file <c>secrets.key</c> (mode 0600): one key a line in base64, the newest first. The one before stays until the next rotation, for
/// what was being written while keys changed.
/// </summary>
internal sealed class SecretKeyRing(DataDirectory data)
{
    private const string Name = "secrets.key";

    private readonly Lock gate = new();
    private IReadOnlyList<SecretKey> keys = [];

    public string File => data.PathOf(Name);

    /// <summary>The key that is encrypted with. The file is read each time: another process may have rotated.</summary>
    public SecretKey Newest() => Read()[0];

    /// <summary>The key of that id; null when the file has none. Null asks for the oldest, which wrote no ids.</summary>
    public SecretKey? Find(string? id)
    {
        bool Is(SecretKey key) => key.Id == id;
        lock (gate)
        {
            if (id is not null && keys.FirstOrDefault(Is) is { } known)
            {
                return known;
            }
        }

        var present = Read();
        return id is null ? present[^1] : present.FirstOrDefault(Is);
    }

    /// <summary>Puts a new key at the top and keeps the one that was there.</summary>
    public SecretKey Rotate()
    {
        var key = NewKey();
        data.WriteSecret(Name, $"{key}\n{Convert.ToBase64String(Read()[0].Bytes)}\n");
        return Read()[0];
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private IReadOnlyList<SecretKey> Read()
    {
        var lines = data.ReadOrCreateSecret(Name, NewKey).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        IReadOnlyList<SecretKey> read = [.. lines.Select(Convert.FromBase64String).Select(b => new SecretKey(Convert.ToHexStringLower(SHA256.HashData(b))[..8], b))];
        lock (gate)
        {
            keys = read;
        }

        return read;
    }
}
