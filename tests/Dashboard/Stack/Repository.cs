using System.Reflection;

namespace VpsPilot.Dashboard.Tests.Stack;

/// <summary>Where things are in the checkout that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Repository").Value!);

    /// <summary>The source of the dashboard.</summary>
    public static string Dashboard => Path.Combine(Root, "dashboard");

    /// <summary>The published control plane, with the built dashboard in it.</summary>
    public static string Functions => Path.Combine(Root, "artifacts", "functions");

    /// <summary>Where pictures for the documentation go; null when they are not asked for.</summary>
    public static string? Pictures => Environment.GetEnvironmentVariable("UPDATE_IMAGES") == "1" ? Path.Combine(Root, "docs", "images") : null;
}
