using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VpsPilot.Messaging;

/// <summary>Makes shared access signature tokens (Azure Service Bus, "Generate a Shared Access Signature token").</summary>
internal static class SharedAccessToken
{
    public static string Create(string resource, string keyName, string key, DateTimeOffset expiry)
    {
        var encoded = Uri.EscapeDataString(resource);
        var seconds = expiry.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{encoded}\n{seconds}"));
        return $"SharedAccessSignature sr={encoded}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={seconds}&skn={Uri.EscapeDataString(keyName)}";
    }
}
