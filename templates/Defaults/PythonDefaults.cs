using VpsPilot.Templates.Detection;

namespace VpsPilot.Templates.Defaults;

/// <summary>Python: what the app asks for goes into a virtual environment in its folder, and its programs are started as modules, so that the folder can move.</summary>
internal class PythonDefaults : TypeDefaults
{
    public override IReadOnlyList<(string Runtime, string Version)> Runtimes(SourceFiles files) => [("python", "3.13")];

    public override IReadOnlyList<string> Build(SourceFiles files) =>
        files.Has("requirements.txt") ? ["python -m venv .venv", ".venv/bin/python -m pip install --disable-pip-version-check --requirement requirements.txt"]
        : files.Has("pyproject.toml") ? ["python -m venv .venv", ".venv/bin/python -m pip install --disable-pip-version-check ."]
        : [];

    public override IEnumerable<string> NotUsed(SourceFiles files) => PythonLists.NotUsed(files);

    public override string? Start(SourceFiles files) =>
        files.Has("main.py") ? $"{Python(files)} main.py"
        : files.Has("app.py") ? $"{Python(files)} app.py"
        : null;

    protected static string Python(SourceFiles files) => files.Has("requirements.txt") || files.Has("pyproject.toml") ? ".venv/bin/python" : "python";
}

/// <summary>Django: Python, static files collected, gunicorn on the folder that has <c>wsgi.py</c>.</summary>
internal sealed class DjangoDefaults : PythonDefaults
{
    public override IReadOnlyList<string> Build(SourceFiles files) => [.. base.Build(files), $"{Python(files)} manage.py collectstatic --noinput"];

    public override string? Start(SourceFiles files) =>
        files.Names.Order(StringComparer.Ordinal).FirstOrDefault(f => f.EndsWith("/wsgi.py", StringComparison.Ordinal)) is { } wsgi
            ? $"{Python(files)} -m gunicorn --bind \"127.0.0.1:$PORT\" {wsgi.Split('/')[0]}.wsgi"
            : null;
}
