using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace VpsPilot.Embedded.DurableTask.Engine.Execution;

/// <summary>Name-based ids (RFC 9562, version 5), in the name space that Durable Task uses for its orchestrations.</summary>
internal static class DeterministicGuid
{
    private static readonly byte[] NameSpace = new Guid("9e952958-5e33-4daf-827f-2fa12937b875").ToByteArray(bigEndian: true);

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Version 5 is defined over SHA-1; nothing secret depends on it.")]
    public static Guid Of(string name)
    {
        var hash = SHA1.HashData([.. NameSpace, .. Encoding.UTF8.GetBytes(name)]);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
