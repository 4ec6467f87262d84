using System.Collections.Frozen;
using System.Security.Cryptography;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Dashboard;

/// <summary>The built dashboard, looked through once at the first request: only what is there then is ever served, so no path leads out of the folder.</summary>
internal sealed class DashboardFiles(ControlPlaneOptions options)
{
    /// <summary>The page that every address of the dashboard starts with.</summary>
    public const string Index = "/index.html";

    /// <summary>Folder of the files whose names have their hash.</summary>
    private const string Hashed = "/assets/";

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".txt"] = "text/plain; charset=utf-8",
        [".webmanifest"] = "application/manifest+json",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly Lazy<FrozenDictionary<string, DashboardFile>> files = new(() => Read(options.DashboardDirectory).ToFrozenDictionary(StringComparer.Ordinal));

    /// <summary>The file at an address such as <c>/assets/main.js</c>; null when there is none.</summary>
    public DashboardFile? Find(string address) => files.Value.GetValueOrDefault(address);

    private static Dictionary<string, DashboardFile> Read(string folder)
    {
        var found = new Dictionary<string, DashboardFile>(StringComparer.Ordinal);
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [])
        {
            if (ContentTypes.TryGetValue(Path.GetExtension(file), out var type))
            {
                var address = "/" + Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
                found[address] = new DashboardFile
                {
                    Path = file,
                    ContentType = type,
                    ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))[..24]}\"",
                    IsImmutable = address.StartsWith(Hashed, StringComparison.Ordinal),
                    Compressed = [.. new[] { new CompressedForm("br", file + ".br"), new CompressedForm("gzip", file + ".gz") }.Where(f => File.Exists(f.Path))],
                };
            }
        }

        return found;
    }
}
