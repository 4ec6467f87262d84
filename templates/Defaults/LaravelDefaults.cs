namespace VpsPilot.Templates.Defaults;

/// <summary>PHP with an <c>artisan</c> front.</summary>
internal sealed class LaravelDefaults : TypeDefaults
{
    public override (string Runtime, string Version)? Runtime(IReadOnlyCollection<string> files) => ("php", "8.4");

    public override IReadOnlyList<string> Build(IReadOnlyCollection<string> files) =>
        files.Contains("composer.json") ? ["composer install --no-dev --no-interaction --optimize-autoloader"] : [];

    public override string? Start(IReadOnlyCollection<string> files) => files.Contains("artisan") ? "php artisan serve --host=127.0.0.1 --port=\"$PORT\"" : null;
}
