using VpsPilot.Templates.Detection;

namespace VpsPilot.Templates.Defaults;

/// <summary>Files behind Caddy's file server; built by Node.js first where there is a package.json.</summary>
internal sealed class StaticDefaults : TypeDefaults
{
    /// <summary>Serves <c>index.html</c> where there is no such file. The configuration comes by standard input: the release cannot be written to.</summary>
    public const string SinglePage =
        "exec caddy run --adapter caddyfile --config - <<< \"{\n admin off\n persist_config off\n auto_https off\n}\n"
        + "http://127.0.0.1:$PORT {\n bind 127.0.0.1\n root * \\\"$VPSPILOT_SERVED\\\"\n encode gzip\n try_files {path} /index.html\n file_server\n}\"";

    private readonly NodeJsDefaults node = new();

    /// <summary>The folder that the build tool writes to, as its files tell; null when they do not.</summary>
    public static string? Output(SourceFiles files) => PackageJson.Of(files) is { DependsOnVite: true } ? "dist" : null;

    public override IReadOnlyList<(string Runtime, string Version)> Runtimes(SourceFiles files) => files.Has("package.json") ? node.Runtimes(files) : [];

    public override IReadOnlyList<string> Build(SourceFiles files) => node.Build(files);

    public override IEnumerable<string> NotUsed(SourceFiles files) => node.NotUsed(files);

    public override string? Start(SourceFiles files) => "exec caddy file-server --listen \"127.0.0.1:$PORT\" --root \"$VPSPILOT_SERVED\"";
}
