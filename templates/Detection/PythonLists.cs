namespace VpsPilot.Templates.Detection;

/// <summary>Files that say what a Python app needs, and that pip is not asked to read. Each has a tool of its own, which is in nixpkgs.</summary>
internal static class PythonLists
{
    private static readonly (string File, string Package, string Install)[] Known =
    [
        ("Pipfile.lock", "pipenv", "PIPENV_VENV_IN_PROJECT=1 pipenv sync"),
        ("Pipfile", "pipenv", "PIPENV_VENV_IN_PROJECT=1 pipenv install --skip-lock"),
        ("uv.lock", "uv", "UV_PYTHON_DOWNLOADS=never uv sync --frozen --no-dev"),
        ("poetry.lock", "poetry", "POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --only main --no-interaction"),
        ("pdm.lock", "pdm", "pdm sync --prod"),
    ];

    /// <summary>One line for each that is there: what happens without it, and what to write.</summary>
    public static IEnumerable<string> NotUsed(SourceFiles files)
    {
        var instead = files.Has("requirements.txt") ? "pip installs requirements.txt" : files.Has("pyproject.toml") ? "pip installs what pyproject.toml allows, in its newest versions" : "nothing is installed";
        foreach (var (file, package, install) in Known.Where(k => files.Has(k.File) && !(k.File == "Pipfile" && files.Has("Pipfile.lock"))))
        {
            yield return $"{file} is not used: {instead}. For {package} write \"nix\": {{ \"packages\": [\"{package}\"] }}, \"build\": {{ \"commands\": [\"{install}\"] }}, and start with .venv/bin/python";
        }

        if (files.Has("requirements.txt"))
        {
            yield break;
        }

        foreach (var file in files.Names.Where(f => f.StartsWith("requirements/", StringComparison.Ordinal) && f.EndsWith(".txt", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            yield return $"{file} is not used: {instead}. To install it commit a requirements.txt with the line -r {file}";
        }
    }
}
