namespace VpsPilot.Templates;

/// <summary>Files compiled into the assembly.</summary>
internal static class Resources
{
    public static Stream Open(string name) =>
        typeof(Resources).Assembly.GetManifestResourceStream($"VpsPilot.Templates.{name}") ?? throw new InvalidOperationException($"The resource {name} is missing from the build.");

    public static string ReadText(string name)
    {
        using var reader = new StreamReader(Open(name));
        return reader.ReadToEnd();
    }
}
