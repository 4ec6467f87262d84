using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Catalogue;
using VpsPilot.Templates.Defaults;
using VpsPilot.Templates.Detection;

namespace VpsPilot.Templates.Tests;

public sealed class ProjectDefaultsTests
{
    [Theory]
    [InlineData("nodejs", "package.json package-lock.json", "node 22", "npm ci; npm run build --if-present", "npm start")]
    [InlineData("nodejs", "package.json pnpm-lock.yaml", "node 22", "npx --yes pnpm install --frozen-lockfile; npm run build --if-present", "npm start")]
    [InlineData("nodejs", "package.json yarn.lock", "node 22", "npx --yes yarn install --frozen-lockfile; npm run build --if-present", "npm start")]
    [InlineData("nodejs", "server.js", "node 22", "", "node server.js")]
    [InlineData("static", "index.html", "", "", "exec caddy file-server --listen \"127.0.0.1:$PORT\" --root \"$VPSPILOT_SERVED\"")]
    [InlineData("static", "package.json", "node 22", "npm install; npm run build --if-present", "exec caddy file-server --listen \"127.0.0.1:$PORT\" --root \"$VPSPILOT_SERVED\"")]
    [InlineData("go", "main.go go.mod", "go 1.25", "CGO_ENABLED=0 GOTOOLCHAIN=local go build -o app .", "./app")]
    [InlineData("python", "main.py", "python 3.13", "", "python main.py")]
    [InlineData("python", "app.py requirements.txt", "python 3.13", "python -m venv .venv; .venv/bin/python -m pip install --disable-pip-version-check --requirement requirements.txt", ".venv/bin/python app.py")]
    [InlineData("django", "manage.py shop/wsgi.py", "python 3.13", "python manage.py collectstatic --noinput", "python -m gunicorn --bind \"127.0.0.1:$PORT\" shop.wsgi")]
    [InlineData("ruby", "config.ru Gemfile", "ruby 3.4", "bundle config set --local path vendor/bundle; bundle install", "bundle exec rackup --host 127.0.0.1 --port \"$PORT\"")]
    [InlineData("ruby", "app.rb", "ruby 3.4", "", "ruby app.rb")]
    [InlineData("laravel", "artisan composer.json", "php 8.4", "composer install --no-dev --no-interaction --optimize-autoloader", "php artisan serve --host=127.0.0.1 --port=\"$PORT\"")]
    public void A_silent_config_gets_what_its_files_suggest(string type, string files, string runtime, string build, string start)
    {
        var config = Apply($$"""{ "type": "{{type}}" }""", files.Split(' ').ToDictionary(f => f, _ => "", StringComparer.Ordinal), out var failure);

        failure.ShouldBeNull();
        string.Join(' ', config.Runtime.Select(r => $"{r.Key} {r.Value}")).ShouldBe(runtime);
        string.Join("; ", config.Build.Commands!).ShouldBe(build);
        config.Start.Command.ShouldBe(start);
    }

    [Fact]
    public void What_the_config_says_wins()
    {
        var applied = Apply(
            """{ "type": "python", "runtime": { "python": "3.11" }, "build": { "commands": [] }, "start": { "command": "python serve.py" } }""",
            new() { ["main.py"] = "", ["requirements.txt"] = "", [".python-version"] = "3.12", ["Procfile"] = "web: other" },
            out _);

        applied.Runtime.ShouldBe(new Dictionary<string, string> { ["python"] = "3.11" });
        applied.Build.Commands.ShouldBeEmpty();
        applied.Start.Command.ShouldBe("python serve.py");
    }

    [Theory]
    [InlineData("python")]
    [InlineData("django")]
    [InlineData("ruby")]
    public void A_start_command_that_nothing_tells_is_asked_for(string type)
    {
        Apply($$"""{ "type": "{{type}}" }""", new() { ["README.md"] = "" }, out var failure);

        failure.ShouldNotBeNull().Problems.ShouldHaveSingleItem().Path.ShouldBe("$.start.command");
    }

    [Theory]
    [InlineData("artisan composer.json package.json", ProjectType.Laravel)]
    [InlineData("manage.py requirements.txt", ProjectType.Django)]
    [InlineData("Gemfile package.json", ProjectType.Ruby)]
    [InlineData("go.mod main.go", ProjectType.Go)]
    [InlineData("pyproject.toml", ProjectType.Python)]
    [InlineData("package.json server.js", ProjectType.NodeJs)]
    [InlineData("index.html style.css", ProjectType.Static)]
    [InlineData("flake.nix README.md", ProjectType.Custom)]
    public void A_type_that_is_not_given_is_told_by_the_files(string files, ProjectType type)
    {
        var found = TypeDetection.Detect(new SourceFiles(files.Split(' '), _ => "{}")).ShouldNotBeNull();

        found.Type.ShouldBe(type);
        files.ShouldContain(found.Sign);
    }

    [Fact]
    public void A_site_that_is_only_built_is_static_and_its_folder_is_known()
    {
        var applied = Apply("{}", new() { ["package.json"] = """{ "scripts": { "build": "vite build" }, "devDependencies": { "vite": "7" } }""" }, out var failure);

        failure.ShouldBeNull();
        applied.Type.ShouldBe(ProjectType.Static);
        applied.Build.Output.ShouldBe("dist");
    }

    [Fact]
    public void Files_that_tell_no_type_leave_one_clear_failure()
    {
        Apply("{}", new() { ["README.md"] = "" }, out var failure);

        failure.ShouldNotBeNull().Problems.ShouldHaveSingleItem().Path.ShouldBe("$.type");
        failure.Problems[0].Message.ShouldContain("nodejs");
    }

    [Theory]
    [InlineData("nodejs", "package.json", """{ "engines": { "node": ">=18" } }""", "22")]
    [InlineData("nodejs", "package.json", """{ "engines": { "node": "^20.9.0" } }""", "^20.9.0")]
    [InlineData("nodejs", ".nvmrc", "v20.11.1\n", "20.11.1")]
    [InlineData("nodejs", ".nvmrc", "lts/iron\n", "20")]
    [InlineData("nodejs", ".nvmrc", "lts/Hydrogen\n", "18")]
    [InlineData("nodejs", ".nvmrc", "lts/jod\n", "22")]
    [InlineData("nodejs", ".node-version", "lts/krypton\n", "24")]
    [InlineData("nodejs", ".nvmrc", "lts/*\n", "22")]
    [InlineData("nodejs", ".tool-versions", "ruby 3.3.5\nnodejs 20.11.1 18.1.0 # both\n", "20.11.1")]
    [InlineData("python", ".tool-versions", "python\t3.11.4\r\n", "3.11.4")]
    [InlineData("ruby", ".tool-versions", "# ruby 2.7\nruby 3.3.5\n", "3.3.5")]
    [InlineData("go", ".tool-versions", "golang 1.24.2\n", "1.24.2")]
    [InlineData("laravel", ".tool-versions", "php 8.3.1\n", "8.3.1")]
    [InlineData("nodejs", ".tool-versions", "nodejs system\n", "22")]
    [InlineData("nodejs", "package.json", "not json", "22")]
    [InlineData("laravel", "composer.json", """{ "require": { "php": "^8.1|^8.2" } }""", "8.4")]
    [InlineData("laravel", "composer.json", """{ "require": { "php": "~8.2.0" } }""", "~8.2.0")]
    [InlineData("python", ".python-version", "3.11.4", "3.11.4")]
    [InlineData("python", "pyproject.toml", "[project]\nrequires-python = \">=3.10,<3.13\"\n", ">=3.10,<3.13")]
    [InlineData("go", "go.mod", "module x\n\ngo 1.22\n", "1.25")]
    [InlineData("go", "go.mod", "module x\n\ngo 1.26.1\n", ">=1.26")]
    [InlineData("ruby", ".ruby-version", "ruby-3.3.5\n", "3.3.5")]
    [InlineData("ruby", "Gemfile", "source 'https://rubygems.org'\nruby '~> 3.3.0'\n", "~> 3.3.0")]
    public void A_version_that_the_config_does_not_say_is_taken_from_the_files(string type, string file, string text, string version)
    {
        var applied = Apply($$"""{ "type": "{{type}}", "start": { "command": "x" } }""", new() { [file] = text }, out var failure);

        failure.ShouldBeNull();
        applied.Runtime.ShouldHaveSingleItem().Value.ShouldBe(version);
        RuntimeCatalogue.Resolve(applied.Runtime.Keys.Single(), version, false, out _).ShouldNotBeNull();
    }

    [Fact]
    public void The_file_of_the_language_goes_before_that_of_all_tools() =>
        Apply("""{ "type": "python", "start": { "command": "x" } }""", new() { [".tool-versions"] = "python 3.11.4", [".python-version"] = "3.12" }, out _).Runtime["python"].ShouldBe("3.12");

    [Fact]
    public void A_Procfile_gives_start_release_and_worker_commands()
    {
        var applied = Apply("""{ "type": "ruby" }""", new() { ["Procfile"] = "# comment\nweb: bundle exec puma\nworker: bundle exec sidekiq\nrelease: rake db:migrate\nBad Name: x\n" }, out var failure);

        failure.ShouldBeNull();
        applied.Start.Command.ShouldBe("bundle exec puma");
        applied.Release.Commands.ShouldBe(["rake db:migrate"]);
        applied.Processes.ShouldHaveSingleItem().ShouldBe(new("worker", new ProcessConfig { Command = "bundle exec sidekiq" }));
    }

    [Fact]
    public void A_process_of_a_Procfile_that_is_called_like_a_slot_is_left_out_and_told()
    {
        var files = new Dictionary<string, string> { ["Procfile"] = "web: ./web\ngreen: ./paint\nworker: ./work\n" };
        var applied = ProjectDefaults.Apply(ConfigParser.Parse("""{ "type": "go" }""").Config.ShouldNotBeNull(), new SourceFiles(files.Keys, files.GetValueOrDefault));

        applied.Config.Processes.Keys.ShouldBe(["worker"]);
        applied.Notes.ShouldContain(n => n.StartsWith("process green of Procfile is left out: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_runtime_that_the_config_names_leaves_the_others_to_the_files_and_the_type()
    {
        var applied = Apply("""{ "type": "laravel", "runtime": { "php": "8.3" } }""", new() { ["artisan"] = "", ["composer.json"] = "{}", ["package.json"] = "{}", ["package-lock.json"] = "{}" }, out var failure);

        failure.ShouldBeNull();
        applied.Runtime.ShouldBe(new Dictionary<string, string> { ["php"] = "8.3", ["node"] = "22" }, ignoreOrder: true);
        applied.Build.Commands.ShouldNotBeNull().ShouldContain("npm ci");
    }

    [Theory]
    [InlineData("pnpm-lock.yaml", "lockfileVersion: '9.0'\n", """{ "packageManager": "pnpm@9.12.3+sha512.abc" }""", "npx --yes pnpm@9.12.3 install --frozen-lockfile")]
    [InlineData("pnpm-lock.yaml", "lockfileVersion: '9.0'\n", "{}", "npx --yes pnpm@9 install --frozen-lockfile")]
    [InlineData("pnpm-lock.yaml", "lockfileVersion: '6.0'\n", "{}", "npx --yes pnpm@8 install --frozen-lockfile")]
    [InlineData("pnpm-lock.yaml", "lockfileVersion: 5.4\n", "{}", "npx --yes pnpm@7 install --frozen-lockfile")]
    [InlineData("pnpm-lock.yaml", "", """{ "packageManager": "pnpm@9; rm -rf /" }""", "npx --yes pnpm install --frozen-lockfile")]
    [InlineData("yarn.lock", "# yarn lockfile v1\n", "{}", "npx --yes yarn@1 install --frozen-lockfile")]
    [InlineData("yarn.lock", "__metadata:\n  version: 8\n", "{}", "npx --yes --package @yarnpkg/cli-dist@4 yarn install --immutable")]
    [InlineData("yarn.lock", "__metadata:\n  version: 6\n", """{ "packageManager": "yarn@3.6.4" }""", "npx --yes --package @yarnpkg/cli-dist@3.6.4 yarn install --immutable")]
    [InlineData("yarn.lock", "# yarn lockfile v1\n", """{ "packageManager": "yarn@1.22.22" }""", "npx --yes yarn@1.22.22 install --frozen-lockfile")]
    public void The_package_manager_is_of_the_version_that_the_app_names_or_its_lock_is_for(string lockFile, string text, string package, string install) =>
        Apply("""{ "type": "nodejs" }""", new() { ["package.json"] = package, [lockFile] = text }, out _).Build.Commands.ShouldNotBeNull()[0].ShouldBe(install);

    private static ProjectConfig Apply(string json, Dictionary<string, string> files, out Failure? failure)
    {
        var applied = ProjectDefaults.Apply(ConfigParser.Parse(json).Config.ShouldNotBeNull(), new SourceFiles(files.Keys, files.GetValueOrDefault));
        failure = applied.Failure;
        return applied.Config;
    }
}
