using System.Text;
using VpsPilot.Templates.Detection;

namespace VpsPilot.Cli.Configuration;

/// <summary>The files of an app's folder, as far as its kind is told by them.</summary>
internal static class AppFiles
{
    private const int MostBytes = 64 * 1024;

    /// <summary>Reads names one folder deep; texts only when they are asked for.</summary>
    public static SourceFiles Of(string folder)
    {
        var depth = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var names = Directory.EnumerateFiles(folder, "*", depth).Select(file => Path.GetRelativePath(folder, file)).ToHashSet(StringComparer.Ordinal);
        return new SourceFiles(names, name => names.Contains(name) ? Start(Path.Combine(folder, name)) : null)
        {
            IsThere = name => File.Exists(Path.Combine(folder, name)),
        };
    }

    private static string? Start(string file)
    {
        try
        {
            var bytes = File.ReadAllBytes(file);
            return Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, MostBytes)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
