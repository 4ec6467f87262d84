using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace VpsPilot.Functions.Access;

/// <summary>Bearer tokens of every kind: 256 random bits after a prefix that says what it is for. Only the hash is ever stored.</summary>
internal static class Tokens
{
    /// <summary>A token of a person or of CI.</summary>
    public const string Access = "vpp_";

    /// <summary>A one-time token of a node's enrolment.</summary>
    public const string Enrollment = "vpe_";

    /// <summary>The token of an agent.</summary>
    public const string Agent = "vpa_";

    /// <summary>Characters at the start of a token that may be shown, to recognise it.</summary>
    private const int ShownCharacters = 10;

    public static string Create(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>SHA-256 in hex. A fast hash is enough: there is no guessing 256 random bits.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public static string Shown(string token) => token[..Math.Min(ShownCharacters, token.Length)];
}
