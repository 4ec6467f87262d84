using System.Security.Cryptography;
using VpsPilot.Contracts;
using VpsPilot.Functions.Keys;

namespace VpsPilot.Functions.Commands;

/// <summary>
/// The ECDSA P-256 keys that sign commands (PKCS#8 in base64, one a line, the newest first). An agent pins the public half of one at enrolment
/// and of the newest at each renewal; until then its commands are signed with the one it has. Several processes may use and rotate them.
/// </summary>
internal sealed class CommandSigningKey(IKeyStore store) : IDisposable
{
    private readonly Lock gate = new();
    private string text = "";
    private List<Pair> keys = [];

    /// <summary>Public half of the newest: SubjectPublicKeyInfo, base64. What a node pins must be the newest of all processes, so it is read each time.</summary>
    public async Task<string> PublicKeyAsync(CancellationToken ct)
    {
        await ReadAsync(ct);
        lock (gate)
        {
            return keys[0].Public;
        }
    }

    /// <summary>Signs with the key that a node has pinned; with the newest where it has none, or one that is gone.</summary>
    public async Task<SignedMessage> SignAsync(string payload, string? pinned, CancellationToken ct)
    {
        lock (gate)
        {
            if (keys.Find(k => k.Public == pinned) is { } known)
            {
                return SignedMessage.Sign(payload, SignedMessage.ControlPlane, known.Key);
            }
        }

        await ReadAsync(ct);
        lock (gate)
        {
            return SignedMessage.Sign(payload, SignedMessage.ControlPlane, (keys.Find(k => k.Public == pinned) ?? keys[0]).Key);
        }
    }

    /// <summary>Makes a new key the newest, and forgets earlier ones that no node has pinned; not the one before, which a node may be pinning now.</summary>
    /// <returns>Its public half.</returns>
    public async Task<string> RotateAsync(IReadOnlyCollection<string> pinned, CancellationToken ct)
    {
        while (true)
        {
            var present = await ReadAsync(ct);
            string anew;
            lock (gate)
            {
                anew = string.Join('\n', [NewKey(), .. keys.Where((k, i) => i == 0 || pinned.Contains(k.Public)).Select(k => k.Line)]);
            }

            if (await store.ReplaceAsync(KeyNames.Commands, present, anew, ct))
            {
                return await PublicKeyAsync(ct);
            }
        }
    }

    public void Dispose() => keys.ForEach(k => k.Key.Dispose());

    /// <summary>The keys as they are stored now; parsed when they are others than before.</summary>
    private async Task<string> ReadAsync(CancellationToken ct)
    {
        var present = await store.ReadOrCreateAsync(KeyNames.Commands, NewKey, ct);
        lock (gate)
        {
            if (present != text)
            {
                keys.ForEach(k => k.Key.Dispose());
                keys = [.. present.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Import)];
                text = present;
            }
        }

        return present;
    }

    private static Pair Import(string line)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(line), out _);
        return new(line, key, Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()));
    }

    private static string NewKey()
    {
        using var created = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(created.ExportPkcs8PrivateKey());
    }

    private sealed record Pair(string Line, ECDsa Key, string Public);
}
