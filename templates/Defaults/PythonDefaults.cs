namespace VpsPilot.Templates.Defaults;

/// <summary>Python: what the app asks for goes into a virtual environment in its folder, and its programs are started as modules, so that the folder can move.</summary>
internal class PythonDefaults : TypeDefaults
{
    public override (string Runtime, string Version)? Runtime(IReadOnlyCollection<string> files) => ("python", "3.13");

    public override IReadOnlyList<string> Build(IReadOnlyCollection<string> files) =>
        files.Contains("requirements.txt") ? ["python -m venv .venv", ".venv/bin/python -m pip install --disable-pip-version-check --requirement requirements.txt"]
        : files.Contains("pyproject.toml") ? ["python -m venv .venv", ".venv/bin/python -m pip install --disable-pip-version-check ."]
        : [];

    public override string? Start(IReadOnlyCollection<string> files) =>
        files.Contains("main.py") ? $"{Python(files)} main.py"
        : files.Contains("app.py") ? $"{Python(files)} app.py"
        : null;

    protected static string Python(IReadOnlyCollection<string> files) =>
        files.Contains("requirements.txt") || files.Contains("pyproject.toml") ? ".venv/bin/python" : "python";
}

/// <summary>Django: Python, static files collected, gunicorn on the folder that has <c>wsgi.py</c>.</summary>
internal sealed class DjangoDefaults : PythonDefaults
{
    public override IReadOnlyList<string> Build(IReadOnlyCollection<string> files) => [.. base.Build(files), $"{Python(files)} manage.py collectstatic --noinput"];

    public override string? Start(IReadOnlyCollection<string> files) =>
        files.Order(StringComparer.Ordinal).FirstOrDefault(f => f.EndsWith("/wsgi.py", StringComparison.Ordinal)) is { } wsgi
            ? $"{Python(files)} -m gunicorn --bind \"127.0.0.1:$PORT\" {wsgi.Split('/')[0]}.wsgi"
            : null;
}
