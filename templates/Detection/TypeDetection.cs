using VpsPilot.Contracts.Config;

namespace VpsPilot.Templates.Detection;

/// <summary>Tells the type of an app by its files, where its config does not say.</summary>
public static class TypeDetection
{
    /// <summary>The first that fits counts: frameworks before languages, and languages before what they are built with.</summary>
    private static readonly (ProjectType Type, Func<SourceFiles, string?> Sign)[] Signs =
    [
        (ProjectType.Laravel, f => First(f, "artisan")),
        (ProjectType.Django, f => First(f, "manage.py")),
        (ProjectType.Ruby, f => First(f, "config.ru", "Gemfile", "app.rb")),
        (ProjectType.Go, f => First(f, "go.mod")),
        (ProjectType.Python, f => First(f, "requirements.txt", "pyproject.toml", "Pipfile", "requirements/production.txt", "requirements/prod.txt", "requirements/base.txt", "main.py", "app.py")),
        (ProjectType.Laravel, f => First(f, "composer.json")),
        (ProjectType.Static, f => PackageJson.Of(f) is { Start: null, Build: not null, Main: null } ? "package.json, which builds and starts nothing" : null),
        (ProjectType.NodeJs, f => First(f, "package.json", "server.js", "index.js", "app.js")),
        (ProjectType.Static, f => First(f, "index.html", "public/index.html", "dist/index.html", "site/index.html")),
        (ProjectType.Custom, f => First(f, "flake.nix")),
    ];

    /// <summary>The type, and the file that told it; null when none does.</summary>
    public static (ProjectType Type, string Sign)? Detect(SourceFiles files)
    {
        foreach (var (type, sign) in Signs)
        {
            if (sign(files) is { } seen)
            {
                return (type, seen);
            }
        }

        return null;
    }

    private static string? First(SourceFiles files, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (files.Has(name))
            {
                return name;
            }
        }

        return null;
    }
}
