using System.Security.Cryptography;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Nodes;

/// <summary>The agent binaries that this control plane offers, by .NET runtime id.</summary>
internal sealed class AgentPackages(ControlPlaneOptions options)
{
    private const string Binary = "vpspilot-agent";

    /// <summary>The folder; null when none is set.</summary>
    public string? Folder => options.AgentPackagesDirectory;

    /// <summary>The install script; null when there is none.</summary>
    public string? Script => Folder is { } folder && Path.Combine(folder, "install.sh") is var file && File.Exists(file) ? file : null;

    /// <summary>The binary for a runtime id, for example <c>linux-x64</c>: <c>&lt;folder&gt;/&lt;rid&gt;/vpspilot-agent</c>, or <c>&lt;folder&gt;/vpspilot-agent-&lt;rid&gt;</c>. Null when there is none.</summary>
    public string? Find(string rid) => Folder is null || rid.Length is 0 or > 40 || !rid.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        ? null
        : new[] { Path.Combine(Folder, rid, Binary), Path.Combine(Folder, $"{Binary}-{rid}"), Path.Combine(Folder, Binary) }.FirstOrDefault(File.Exists);

    /// <summary>SHA-256 of a file, hex.</summary>
    public static async Task<string> HashAsync(string file, CancellationToken ct)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
    }
}
