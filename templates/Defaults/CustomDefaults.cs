using VpsPilot.Templates.Detection;

namespace VpsPilot.Templates.Defaults;

/// <summary>The app's own flake: its package is built when the release is sealed, and its program <c>start</c> is started.</summary>
internal sealed class CustomDefaults : TypeDefaults
{
    /// <summary>The program of the app's package that is started.</summary>
    public const string Program = "start";

    public override IReadOnlyList<(string Runtime, string Version)> Runtimes(SourceFiles files) => [];

    public override IReadOnlyList<string> Build(SourceFiles files) => [];

    public override string? Start(SourceFiles files) => Program;
}
