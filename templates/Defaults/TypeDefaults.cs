using VpsPilot.Templates.Detection;

namespace VpsPilot.Templates.Defaults;

/// <summary>What a type does when the config is silent.</summary>
internal abstract class TypeDefaults
{
    /// <summary>Runtimes and versions that are taken when neither the config nor a file of the app names one.</summary>
    public abstract IReadOnlyList<(string Runtime, string Version)> Runtimes(SourceFiles files);

    /// <summary>Build commands.</summary>
    public abstract IReadOnlyList<string> Build(SourceFiles files);

    /// <summary>Files of package managers that the build commands pass over, one line each with what to write: nothing is ignored in silence.</summary>
    public virtual IEnumerable<string> NotUsed(SourceFiles files) => [];

    /// <summary>Start command; null when the files do not tell, and the config must.</summary>
    public abstract string? Start(SourceFiles files);
}
