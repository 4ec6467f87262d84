using VpsPilot.Templates.Detection;

namespace VpsPilot.Templates.Defaults;

/// <summary>Go: one program from the app's folder.</summary>
internal sealed class GoDefaults : TypeDefaults
{
    public override IReadOnlyList<(string Runtime, string Version)> Runtimes(SourceFiles files) => [("go", "1.25")];

    public override IReadOnlyList<string> Build(SourceFiles files) => ["CGO_ENABLED=0 GOTOOLCHAIN=local go build -o app ."];

    public override string? Start(SourceFiles files) => "./app";
}
