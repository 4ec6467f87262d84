using System.Security.Cryptography;
using VpsPilot.Contracts;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Commands;

/// <summary>
/// The ECDSA P-256 keys that sign commands, in the key file <c>command.key</c> (PKCS#8 in base64, one a line, the newest first). An agent pins
/// the public half of one at enrolment and of the newest at each renewal; until then its commands are signed with the one it has.
/// </summary>
internal sealed class CommandSigningKey : IDisposable
{
    private const string Name = "command.key";

    private readonly Lock gate = new();
    private readonly DataDirectory data;
    private readonly List<(ECDsa Key, string Public)> keys = [];

    public CommandSigningKey(DataDirectory data)
    {
        this.data = data;
        keys.AddRange(data.ReadOrCreateSecret(Name, NewKey).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Import));
    }

    /// <summary>Public half of the newest: SubjectPublicKeyInfo, base64.</summary>
    public string PublicKey
    {
        get
        {
            lock (gate)
            {
                return keys[0].Public;
            }
        }
    }

    /// <summary>Signs with the key that a node has pinned; with the newest where it has none, or one that is gone.</summary>
    public SignedMessage Sign(string payload, string? pinned = null)
    {
        lock (gate)
        {
            var key = keys.FirstOrDefault(k => k.Public == pinned).Key ?? keys[0].Key;
            return SignedMessage.Sign(payload, SignedMessage.ControlPlane, key);
        }
    }

    /// <summary>Makes a new key the newest, and forgets earlier ones that no node has pinned.</summary>
    /// <returns>Its public half.</returns>
    public string Rotate(IReadOnlyCollection<string> pinned)
    {
        lock (gate)
        {
            List<(ECDsa Key, string Public)> kept = [Import(NewKey()), .. keys.Where(k => pinned.Contains(k.Public))];
            data.WriteSecret(Name, string.Concat(kept.Select(k => Convert.ToBase64String(k.Key.ExportPkcs8PrivateKey()) + "\n")));
            foreach (var (key, _) in keys.Except(kept))
            {
                key.Dispose();
            }

            keys.Clear();
            keys.AddRange(kept);
            return keys[0].Public;
        }
    }

    public void Dispose() => keys.ForEach(k => k.Key.Dispose());

    private static (ECDsa Key, string Public) Import(string text)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(text), out _);
        return (key, Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()));
    }

    private static string NewKey()
    {
        using var created = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(created.ExportPkcs8PrivateKey());
    }
}
