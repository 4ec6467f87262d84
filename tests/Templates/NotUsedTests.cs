using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Defaults;
using VpsPilot.Templates.Detection;

namespace VpsPilot.Templates.Tests;

/// <summary>What an app says of its packages and a build does not go by is told, with what to write.</summary>
public sealed class NotUsedTests
{
    [Theory]
    [InlineData("python", "main.py Pipfile", "Pipfile is not used: nothing is installed.", "pipenv install --skip-lock")]
    [InlineData("python", "main.py Pipfile Pipfile.lock", "Pipfile.lock is not used: nothing is installed.", "pipenv sync")]
    [InlineData("python", "main.py pyproject.toml uv.lock", "uv.lock is not used: pip installs what pyproject.toml allows", "uv sync --frozen --no-dev")]
    [InlineData("python", "main.py pyproject.toml poetry.lock", "poetry.lock is not used: pip installs what pyproject.toml allows", "poetry install --only main")]
    [InlineData("python", "main.py requirements.txt pdm.lock", "pdm.lock is not used: pip installs requirements.txt.", "pdm sync --prod")]
    [InlineData("django", "manage.py shop/wsgi.py requirements/production.txt", "requirements/production.txt is not used: nothing is installed.", "-r requirements/production.txt")]
    [InlineData("nodejs", "package.json bun.lock", "bun.lock is not used: npm installs.", "bun install --frozen-lockfile")]
    [InlineData("static", "package.json pnpm-lock.yaml bun.lockb", "bun.lockb is not used: pnpm installs.", "bun install --frozen-lockfile")]
    [InlineData("laravel", "artisan package.json pnpm-lock.yaml package-lock.json", "package-lock.json is not used: pnpm-lock.yaml goes before it.", "Remove the one")]
    public void A_file_that_is_passed_over_is_named_with_what_to_write(string type, string files, string what, string remedy)
    {
        var note = Notes($$"""{ "type": "{{type}}" }""", files.Split(' ').ToDictionary(f => f, _ => "")).ShouldHaveSingleItem();

        note.ShouldStartWith(what);
        note.ShouldContain(remedy);
    }

    [Theory]
    [InlineData("python", "main.py requirements.txt requirements/base.txt")]
    [InlineData("nodejs", "package.json package-lock.json")]
    [InlineData("go", "go.mod package.json bun.lock")]
    public void Nothing_is_said_where_nothing_is_passed_over(string type, string files) => Notes($$"""{ "type": "{{type}}" }""", files.Split(' ').ToDictionary(f => f, _ => "")).ShouldBeEmpty();

    [Fact]
    public void Who_writes_build_commands_knows() => Notes("""{ "type": "nodejs", "build": { "commands": ["bun install"] } }""", new() { ["package.json"] = "{}", ["bun.lock"] = "" }).ShouldBeEmpty();

    [Theory]
    [InlineData("pnpm@9.12.3+sha512.abc", "", "npx --yes pnpm@9.12.3 install --no-frozen-lockfile", null)]
    [InlineData("yarn@1.22.22", "", "npx --yes yarn@1.22.22 install", null)]
    [InlineData("yarn@4.5.0", "", "npx --yes --package @yarnpkg/cli-dist@4.5.0 yarn install --no-immutable", null)]
    [InlineData("npm@10.9.0", "", "npm install", null)]
    [InlineData("bun@1.2.0", "", "npm install", "packageManager bun@1.2.0 is not used: npm installs. Commit the lock of the one you use alone, or write build.commands")]
    [InlineData("pnpm@9.12.3+sha512.abc", "package-lock.json", "npm ci", "packageManager pnpm@9.12.3 is not used: package-lock.json tells npm. Commit the lock of the one you use alone, or write build.commands")]
    public void The_named_package_manager_installs_without_a_lock_and_is_told_where_it_does_not(string manager, string lockFile, string install, string? told)
    {
        var files = new Dictionary<string, string> { ["package.json"] = $$"""{ "packageManager": "{{manager}}" }""" };
        if (lockFile.Length > 0)
            files[lockFile] = "";

        Apply("""{ "type": "nodejs" }""", files).Config.Build.Commands.ShouldNotBeNull()[0].ShouldBe(install);
        Notes("""{ "type": "nodejs" }""", files).ShouldBe(told is null ? [] : [told]);
    }

    private static IReadOnlyList<string> Notes(string json, Dictionary<string, string> files) => Apply(json, files).Notes;

    private static DefaultedConfig Apply(string json, Dictionary<string, string> files) => ProjectDefaults.Apply(ConfigParser.Parse(json).Config.ShouldNotBeNull(), new SourceFiles(files.Keys, files.GetValueOrDefault));
}
