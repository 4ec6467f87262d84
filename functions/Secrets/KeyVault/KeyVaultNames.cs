using System.Security.Cryptography;
using System.Text;

namespace VpsPilot.Functions.Secrets.KeyVault;

/// <summary>
/// Names in a vault: 1 to 127 letters, digits and dashes, in which upper and lower case are the same (Azure documentation, "Key Vault keys,
/// secrets and certificates overview"). Readable in front, and unique by a hash of the exact place.
/// </summary>
internal static class KeyVaultNames
{
    private const int Readable = 40;

    public static string Of(SecretPlace place)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{place.Project}\n{place.Scope.Key}\n{place.Name}")))[..24];
        return $"vpspilot-{Plain(place.Project)}-{Plain(place.Name)}-{hash}";
    }

    private static string Plain(string text)
    {
        var plain = new string([.. text.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
        return plain.Length <= Readable ? plain : plain[..Readable];
    }
}
