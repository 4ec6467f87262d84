using System.Security.Cryptography;
using System.Text;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Enrollment;

/// <summary>The agent's two key pairs, kept with mode 0600 (PKCS#8, PEM); they never leave the node. Thread-safe.</summary>
internal sealed class AgentKeys : IDisposable
{
    private readonly Lock gate = new();
    private readonly ECDsa signing = ECDsa.Create();
    private readonly ECDiffieHellman sealing = ECDiffieHellman.Create();
    private readonly ECDiffieHellman? earlier;

    private AgentKeys(string signingPem, string sealingPem, string? earlierPem)
    {
        signing.ImportFromPem(signingPem);
        sealing.ImportFromPem(sealingPem);
        if (earlierPem is null)
            return;
        earlier = ECDiffieHellman.Create();
        earlier.ImportFromPem(earlierPem);
    }

    /// <summary>SubjectPublicKeyInfo, base64.</summary>
    public string SigningKey => Convert.ToBase64String(signing.ExportSubjectPublicKeyInfo());

    /// <summary>SubjectPublicKeyInfo, base64.</summary>
    public string SealingKey => Convert.ToBase64String(sealing.ExportSubjectPublicKeyInfo());

    /// <summary>Reads the keys, and makes those that are not there.</summary>
    public static AgentKeys LoadOrCreate(AgentPaths paths)
    {
        Directory.CreateDirectory(paths.State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new(ReadOrCreate(paths.SigningKey, NewSigning), ReadOrCreate(paths.SealingKey, NewSealing), File.Exists(paths.EarlierSealingKey) ? File.ReadAllText(paths.EarlierSealingKey) : null);
    }

    /// <summary>New pairs, on no disk yet.</summary>
    public static AgentKeys Create() => new(NewSigning(), NewSealing(), null);

    /// <summary>Puts these pairs in the place of the present ones. The sealing key before stays, for commands that were on their way, until the next time.</summary>
    public void Replace(AgentPaths paths)
    {
        if (File.Exists(paths.SealingKey))
            Write(paths.EarlierSealingKey, File.ReadAllText(paths.SealingKey));
        Write(paths.SealingKey, sealing.ExportPkcs8PrivateKeyPem());
        Write(paths.SigningKey, signing.ExportPkcs8PrivateKeyPem());
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
        {
            try
            {
                return box.Open(sealing, context);
            }
            catch (CryptographicException) when (earlier is not null)
            {
                return box.Open(earlier, context);
            }
        }
    }

    public void Dispose()
    {
        signing.Dispose();
        sealing.Dispose();
        earlier?.Dispose();
    }

    private static string NewSigning()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string NewSealing()
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string ReadOrCreate(string path, Func<string> create)
    {
        if (File.Exists(path))
            return File.ReadAllText(path);
        var pem = create();
        Write(path, pem);
        return pem;
    }

    private static void Write(string path, string pem) => DurableFile.Write(path, Encoding.UTF8.GetBytes(pem));
}
