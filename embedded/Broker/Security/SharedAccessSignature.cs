using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VpsPilot.Embedded.Broker.Security;

/// <summary>
/// A shared access signature token: <c>SharedAccessSignature sr=…&amp;sig=…&amp;se=…&amp;skn=…</c>, where sig is the HMAC-SHA256 of
/// the encoded resource, a line feed and the expiry (Azure Service Bus, "Generate a Shared Access Signature token").
/// </summary>
/// <param name="EncodedResource">The resource URI as it was signed.</param>
/// <param name="Signature">The decoded signature.</param>
/// <param name="Expiry">Unix seconds, as it was signed.</param>
/// <param name="KeyName">Name of the rule whose key signed.</param>
internal sealed record SharedAccessSignature(string EncodedResource, byte[] Signature, long Expiry, string KeyName)
{
    private const string Prefix = "SharedAccessSignature ";

    /// <summary>Path of the resource without host and slashes at the ends; empty for the whole namespace.</summary>
    public string Path
    {
        get
        {
            var resource = Uri.UnescapeDataString(EncodedResource);
            // Some clients sign the bare host name, or the whole address with its query.
            return PathOf(resource.Contains("://", StringComparison.Ordinal) ? resource : "sb://" + resource);
        }
    }

    public static SharedAccessSignature? Parse(string? token)
    {
        if (token is null || token.Length > 4096 || !token.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return null;
        string? resource = null, signature = null, expiry = null, keyName = null;
        foreach (var field in token[Prefix.Length..].Split('&'))
        {
            var at = field.IndexOf('=');
            var value = at < 0 ? "" : field[(at + 1)..];
            switch (at < 0 ? field : field[..at].Trim())
            {
                case "sr": resource = value; break;
                case "sig": signature = Uri.UnescapeDataString(value); break;
                case "se": expiry = value; break;
                case "skn": keyName = Uri.UnescapeDataString(value); break;
                default: break;
            }
        }
        var bytes = new byte[64];
        if (resource is null || keyName is null || signature is null
            || !long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || !Convert.TryFromBase64String(signature, bytes, out var length))
            return null;
        return new(resource, bytes[..length], seconds, keyName);
    }

    public bool IsSignedWith(string key)
    {
        if (key.Length == 0)
            return false;
        var signed = Encoding.UTF8.GetBytes($"{EncodedResource}\n{Expiry.ToString(CultureInfo.InvariantCulture)}");
        return CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed), Signature);
    }

    public static string PathOf(string resource)
    {
        resource = resource.Split('?')[0];
        var scheme = resource.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return resource.Trim('/');
        var slash = resource.IndexOf('/', scheme + 3);
        return slash < 0 ? "" : resource[slash..].Trim('/');
    }
}
