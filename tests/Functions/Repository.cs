using System.Runtime.CompilerServices;

namespace VpsPilot.Functions.Tests;

/// <summary>The sources that these tests were compiled from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../.."));
}
