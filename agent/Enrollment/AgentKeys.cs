using System.Security.Cryptography;
using System.Text;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Enrollment;

/// <summary>The agent's two key pairs, made once and kept with mode 0600 (PKCS#8, PEM). Thread-safe.</summary>
internal sealed class AgentKeys : IDisposable
{
    private readonly Lock gate = new();
    private readonly ECDsa signing = ECDsa.Create();
    private readonly ECDiffieHellman sealing = ECDiffieHellman.Create();

    private AgentKeys(string signingPem, string sealingPem)
    {
        signing.ImportFromPem(signingPem);
        sealing.ImportFromPem(sealingPem);
    }

    /// <summary>SubjectPublicKeyInfo, base64.</summary>
    public string SigningKey => Convert.ToBase64String(signing.ExportSubjectPublicKeyInfo());

    /// <summary>SubjectPublicKeyInfo, base64.</summary>
    public string SealingKey => Convert.ToBase64String(sealing.ExportSubjectPublicKeyInfo());

    /// <summary>Reads the keys, and makes those that are not there.</summary>
    public static AgentKeys LoadOrCreate(AgentPaths paths)
    {
        Directory.CreateDirectory(paths.State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new(
            ReadOrCreate(paths.SigningKey, () => ECDsa.Create(ECCurve.NamedCurves.nistP256)),
            ReadOrCreate(paths.SealingKey, () => ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256)));
    }

    public SignedMessage Sign(string payload, string nodeId)
    {
        lock (gate)
            return SignedMessage.Sign(payload, nodeId, signing);
    }

    /// <summary>Opens a box that was sealed to this node.</summary>
    /// <exception cref="CryptographicException">It was sealed to another key or for another command, or changed.</exception>
    public byte[] Open(SealedBox box, string context)
    {
        lock (gate)
            return box.Open(sealing, context);
    }

    public void Dispose()
    {
        signing.Dispose();
        sealing.Dispose();
    }

    private static string ReadOrCreate(string path, Func<ECAlgorithm> create)
    {
        if (File.Exists(path))
            return File.ReadAllText(path);
        using var key = create();
        var pem = key.ExportPkcs8PrivateKeyPem();
        DurableFile.Write(path, Encoding.UTF8.GetBytes(pem));
        return pem;
    }
}
