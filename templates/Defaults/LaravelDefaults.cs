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

    public override IEnumerable<string> NotUsed(SourceFiles files) => node.NotUsed(files);

    public override string? Start(SourceFiles files) => files.Has("artisan") ? "php artisan serve --host=127.0.0.1 --port=\"$PORT\""
        : files.Has("public/index.php") ? "php -S \"127.0.0.1:$PORT\" -t public public/index.php"
        : null;

    /// <summary>The extensions that <c>composer.json</c> requires.</summary>
    public static IReadOnlyList<string> Extensions(SourceFiles files) =>
        [.. ComposerJson.RequiredBy(files).Keys.Where(k => k.StartsWith("ext-", StringComparison.Ordinal)).Select(k => k["ext-".Length..].ToLowerInvariant()).Where(e => e.Length > 0 && e.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))];
}
