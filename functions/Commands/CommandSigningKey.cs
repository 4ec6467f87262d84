using System.Security.Cryptography;
using VpsPilot.Contracts;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Commands;

/// <summary>The ECDSA P-256 key that signs commands, in the key file <c>command.key</c>; agents pin its public half at enrolment.</summary>
internal sealed class CommandSigningKey : IDisposable
{
    private readonly Lock gate = new();
    private readonly ECDsa key = ECDsa.Create();

    public CommandSigningKey(DataDirectory data)
    {
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(data.ReadOrCreateSecret("command.key", NewKey)), out _);
        PublicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>SubjectPublicKeyInfo, base64.</summary>
    public string PublicKey { get; }

    public SignedMessage Sign(string payload)
    {
        lock (gate)
        {
            return SignedMessage.Sign(payload, SignedMessage.ControlPlane, key);
        }
    }

    public void Dispose() => key.Dispose();

    private static string NewKey()
    {
        using var created = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(created.ExportPkcs8PrivateKey());
    }
}
