namespace VpsPilot.Templates.Defaults;

/// <summary>Files behind Caddy's file server; built by Node.js first where there is a package.json.</summary>
internal sealed class StaticDefaults : TypeDefaults
{
    private readonly NodeJsDefaults node = new();

    public override (string Runtime, string Version)? Runtime(IReadOnlyCollection<string> files) => files.Contains("package.json") ? node.Runtime(files) : null;

    public override IReadOnlyList<string> Build(IReadOnlyCollection<string> files) => node.Build(files);

    public override string? Start(IReadOnlyCollection<string> files) => "caddy file-server --listen \"127.0.0.1:$PORT\" --root \"$VPSPILOT_SERVED\"";
}
