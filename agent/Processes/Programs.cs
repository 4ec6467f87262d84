namespace VpsPilot.Agent.Processes;

/// <summary>Finds programs by the agent's own PATH: a unit's program has to be an absolute path.</summary>
internal static class Programs
{
    public static string Find(string name) => InPath(name) ?? $"/usr/bin/{name}";

    public static bool IsThere(string name) => InPath(name) is not null;

    private static string? InPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(d => Path.Combine(d, name)).FirstOrDefault(File.Exists);
}
