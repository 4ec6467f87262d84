using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace VpsPilot.Agent.Enrollment;

/// <summary>Reads the certificate authority that the install command names, and holds it to the command's SHA-256.</summary>
internal static class PinnedAuthority
{
    /// <returns>The certificate (PEM), or null where none is given; else what is wrong.</returns>
    public static (string? Pem, string? Mistake) Read(string? file, string? sha256)
    {
        if (file is null && sha256 is null)
            return (null, null);
        if (file is null || sha256 is null)
            return (null, "--ca and --ca-sha256 belong together; the install command has both.");
        try
        {
            var bytes = File.ReadAllBytes(file);
            if (!string.Equals(Convert.ToHexStringLower(SHA256.HashData(bytes)), sha256, StringComparison.OrdinalIgnoreCase))
                return (null, $"{file} is not the certificate authority of the install command: its SHA-256 differs. Copy the whole command again.");
            var pem = Encoding.UTF8.GetString(bytes);
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return (pem, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return (null, $"{file} cannot be used: {e.Message}");
        }
    }
}
