namespace VpsPilot.Templates.Defaults;

/// <summary>What a type does when the config is silent. Files are relative paths of the app's folder, one folder deep.</summary>
internal abstract class TypeDefaults
{
    /// <summary>Runtime and version that are taken when the config names none; null for a type that needs none.</summary>
    public abstract (string Runtime, string Version)? Runtime(IReadOnlyCollection<string> files);

    /// <summary>Build commands.</summary>
    public abstract IReadOnlyList<string> Build(IReadOnlyCollection<string> files);

    /// <summary>Start command; null when the files do not tell, and the config must.</summary>
    public abstract string? Start(IReadOnlyCollection<string> files);
}
