namespace VpsPilot.Templates.Defaults;

/// <summary>Go: one program from the app's folder.</summary>
internal sealed class GoDefaults : TypeDefaults
{
    public override (string Runtime, string Version)? Runtime(IReadOnlyCollection<string> files) => ("go", "1.25");

    public override IReadOnlyList<string> Build(IReadOnlyCollection<string> files) => ["CGO_ENABLED=0 GOTOOLCHAIN=local go build -o app ."];

    public override string? Start(IReadOnlyCollection<string> files) => "./app";
}
