using VpsPilot.Templates.Detection;

namespace VpsPilot.Templates.Defaults;

/// <summary>PHP with an <c>artisan</c> front; assets are built by Node.js where there is a <c>package.json</c>.</summary>
internal sealed class LaravelDefaults : TypeDefaults
{
    private readonly NodeJsDefaults node = new();

    public override IReadOnlyList<(string Runtime, string Version)> Runtimes(SourceFiles files) => [("php", "8.4"), .. files.Has("package.json") ? node.Runtimes(files) : []];

    public override IReadOnlyList<string> Build(SourceFiles files) =>
    [
        .. files.Has("composer.json") ? ["composer install --no-dev --no-interaction --optimize-autoloader"] : Array.Empty<string>(),
        .. node.Build(files),
    ];

    public override string? Start(SourceFiles files) => files.Has("artisan") ? "php artisan serve --host=127.0.0.1 --port=\"$PORT\"" : null;
}
