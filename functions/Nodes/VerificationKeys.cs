using System.Collections.Concurrent;
using System.Security.Cryptography;
using VpsPilot.Contracts;

namespace VpsPilot.Functions.Nodes;

/// <summary>
/// Public keys of nodes, each read once: reading one takes about as long as checking a signature with it, and a fleet reports all the time.
/// They are found by what they are, so a key that was renewed or withdrawn is never taken for another.
/// </summary>
internal sealed class VerificationKeys
{
    /// <summary>Beyond so many all are read anew; more than the nodes that one control plane carries.</summary>
    private const int Most = 4096;

    private readonly ConcurrentDictionary<string, ECDsa> keys = new(StringComparer.Ordinal);

    /// <summary>The same answer as <see cref="SignedMessage.IsSignedBy(string)"/>.</summary>
    public bool HasSigned(string publicKey, SignedMessage message)
    {
        if (!keys.TryGetValue(publicKey, out var key))
        {
            if (Read(publicKey) is not { } read)
            {
                return false;
            }

            if (keys.Count >= Most)
            {
                // Not disposed: another thread may be at work with one. Their finalizers free them.
                keys.Clear();
            }

            key = keys.GetOrAdd(publicKey, read);
        }

        // One object is not for several threads; two events of one node at the same time are rare.
        lock (key)
        {
            return message.IsSignedBy(key);
        }
    }

    private static ECDsa? Read(string publicKey)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
            return key;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }
}
