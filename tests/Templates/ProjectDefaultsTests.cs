using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Defaults;

namespace VpsPilot.Templates.Tests;

public sealed class ProjectDefaultsTests
{
    [Theory]
    [InlineData("nodejs", "package.json package-lock.json", "node 22", "npm ci; npm run build --if-present", "npm start")]
    [InlineData("nodejs", "package.json pnpm-lock.yaml", "node 22", "npx --yes pnpm install --frozen-lockfile; npm run build --if-present", "npm start")]
    [InlineData("nodejs", "package.json yarn.lock", "node 22", "npx --yes yarn install --frozen-lockfile; npm run build --if-present", "npm start")]
    [InlineData("nodejs", "server.js", "node 22", "", "npm start")]
    [InlineData("static", "index.html", "", "", "caddy file-server --listen \"127.0.0.1:$PORT\" --root \"$VPSPILOT_SERVED\"")]
    [InlineData("static", "package.json", "node 22", "npm install; npm run build --if-present", "caddy file-server --listen \"127.0.0.1:$PORT\" --root \"$VPSPILOT_SERVED\"")]
    [InlineData("go", "main.go go.mod", "go 1.25", "CGO_ENABLED=0 GOTOOLCHAIN=local go build -o app .", "./app")]
    [InlineData("python", "main.py", "python 3.13", "", "python main.py")]
    [InlineData("python", "app.py requirements.txt", "python 3.13", "python -m venv .venv; .venv/bin/python -m pip install --disable-pip-version-check --requirement requirements.txt", ".venv/bin/python app.py")]
    [InlineData("django", "manage.py shop/wsgi.py", "python 3.13", "python manage.py collectstatic --noinput", "python -m gunicorn --bind \"127.0.0.1:$PORT\" shop.wsgi")]
    [InlineData("ruby", "config.ru Gemfile", "ruby 3.4", "bundle config set --local path vendor/bundle; bundle install", "bundle exec rackup --host 127.0.0.1 --port \"$PORT\"")]
    [InlineData("ruby", "app.rb", "ruby 3.4", "", "ruby app.rb")]
    [InlineData("laravel", "artisan composer.json", "php 8.4", "composer install --no-dev --no-interaction --optimize-autoloader", "php artisan serve --host=127.0.0.1 --port=\"$PORT\"")]
    public void A_silent_config_gets_what_its_files_suggest(string type, string files, string runtime, string build, string start)
    {
        var config = ProjectDefaults.Apply(ConfigParser.Parse($$"""{ "type": "{{type}}" }""").Config!, files.Split(' '), out var failure);

        failure.ShouldBeNull();
        string.Join(' ', config.Runtime.Select(r => $"{r.Key} {r.Value}")).ShouldBe(runtime);
        string.Join("; ", config.Build.Commands!).ShouldBe(build);
        config.Start.Command.ShouldBe(start);
    }

    [Fact]
    public void What_the_config_says_wins()
    {
        var config = ConfigParser.Parse("""{ "type": "python", "runtime": { "python": "3.11" }, "build": { "commands": [] }, "start": { "command": "python serve.py" } }""").Config!;

        var applied = ProjectDefaults.Apply(config, ["main.py", "requirements.txt"], out _);

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
        ProjectDefaults.Apply(ConfigParser.Parse($$"""{ "type": "{{type}}" }""").Config!, ["README.md"], out var failure);

        failure.ShouldNotBeNull().Problems.ShouldHaveSingleItem().Path.ShouldBe("$.start.command");
    }
}
