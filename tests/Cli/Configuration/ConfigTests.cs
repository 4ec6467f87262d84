using System.Text.Json.Nodes;
using VpsPilot.Agent.Tests;
using VpsPilot.Cli.Tests.Running;

namespace VpsPilot.Cli.Tests.Configuration;

public sealed class ConfigTests : IDisposable
{
    private readonly CliProgram program = new();

    [Fact]
    public async Task The_type_is_told_by_the_files_and_the_config_is_written_with_comments()
    {
        Write("package.json", """{ "scripts": { "start": "node server.js" }, "engines": { "node": "20" } }""");
        Write("package-lock.json", "{}");

        var init = await program.RunAsync("init");

        Golden.Matches("init.txt", init.Good());
        Golden.Matches("nodejs.json", await File.ReadAllTextAsync(ConfigFile));
        (await program.RunAsync("validate")).Good().ShouldBe(init.Out);
        (await program.RunAsync("init")).Bad(2).ShouldStartWith("error: There is a config.vpspilot.json already.\n");
        (await program.RunAsync("init", "--force", "--json")).Good().ShouldContain("\"valid\":true");
    }

    [Theory]
    [InlineData("static", "index.html", "")]
    [InlineData("go", "go.mod", "module example.org/app\n\ngo 1.24\n")]
    [InlineData("python", "requirements.txt", "flask\n")]
    [InlineData("laravel", "artisan", "<?php\n")]
    [InlineData("custom", "flake.nix", "{ }")]
    public async Task What_is_written_for_any_type_is_good(string type, string file, string text)
    {
        Write(file, text);

        var init = await program.RunAsync("init", "--start", "true");

        init.Good().ShouldContain($"type      {type}\n");
    }

    [Fact]
    public async Task What_nobody_can_be_asked_has_to_be_said()
    {
        (await program.RunAsync("init")).Bad(2).ShouldStartWith("error: The files here do not tell what the app is.\nhint:  Say so with --type: nodejs, static,");
        Write("requirements.txt", "x\n");
        (await program.RunAsync("init")).Bad(2).ShouldBe("error: The files here do not tell how the app is started.\nhint:  Say so with --start; it must listen on 127.0.0.1:$PORT\n");
        File.Exists(ConfigFile).ShouldBeFalse();
    }

    [Fact]
    public async Task A_person_is_asked_only_what_the_files_do_not_tell()
    {
        await using var terminal = Terminal.Start(program, "vpspilot init");
        await terminal.UntilAsync("What is the app?");
        await terminal.TypeAsync("\u001b[B\u001b[B\u001b[B\r");
        await terminal.UntilAsync("How is it started?");
        await terminal.TypeAsync("python serve.py\r");

        (await terminal.ExitAsync()).ShouldBe(0);
        (await File.ReadAllTextAsync(ConfigFile)).ShouldContain("\"type\": \"python\"");
        (await File.ReadAllTextAsync(ConfigFile)).ShouldContain("\"start\": { \"command\": \"python serve.py\" }");
    }

    [Fact]
    public async Task All_mistakes_are_told_with_file_and_line()
    {
        Write("api/config.vpspilot.json", """
            {
              "type": "nodjs",
              "start": { "comand": "x" },
              "deployment": { "health_check": { "retries": -1 } },
              "resources": { "memory_max": "lots" }
            }
            """);

        var run = await program.RunAsync("validate", "api/config.vpspilot.json");

        run.ExitCode.ShouldBe(1);
        Golden.Matches("mistakes.txt", run.Out);
        run.Error.ShouldStartWith("4 mistakes.");
        var json = JsonNode.Parse((await program.RunAsync("validate", "--json", "api/config.vpspilot.json")).Out)!;
        ((bool)json["valid"]!, (int)json["problems"]![0]!["line"]!).ShouldBe((false, 2));
    }

    [Fact]
    public async Task A_version_that_a_node_would_refuse_is_a_mistake_here_too()
    {
        Write("config.vpspilot.json", """
            {
              "start": { "command": 5 },
              "type": "nodejs",
              "runtime": {
                "nodejs": "3",
                "php": "8.0"
              }
            }
            """);

        var run = await program.RunAsync("validate");

        run.ExitCode.ShouldBe(1);
        Golden.Matches("runtimes.txt", run.Out + run.Error);
        Write("config.vpspilot.json", """{ "type": "nodejs", "start": { "command": "x" }, "runtime": { "php": "8.0" }, "nix": { "allow_insecure": true } }""");
        (await program.RunAsync("validate")).Good().ShouldContain("runtime   php 8.0, node 22\n");
    }

    [Fact]
    public async Task What_the_files_of_the_app_lack_is_told_with_a_line_beside_other_mistakes()
    {
        Write("config.vpspilot.json", """
            {
              "type": "custom",
              "nix": {
                "flake_file": "nix/deep/flake.nix"
              },
              "domains": ["Shop"]
            }
            """);

        (await program.RunAsync("validate")).Out.ShouldBe("""
            config.vpspilot.json:4: $.nix.flake_file: There is no nix/deep/flake.nix in the app's folder.
            config.vpspilot.json:6: $.domains[0]: "Shop" is not a domain: a lower-case host name with a dot, such as shop.example.org.

            """.ReplaceLineEndings("\n"));
        Write("nix/deep/flake.nix", "{ }");
        (await program.RunAsync("validate")).Out.ShouldStartWith("config.vpspilot.json:6: $.domains[0]:");
    }

    [Fact]
    public async Task The_config_is_that_of_the_repository_and_its_root_counts_from_the_top()
    {
        using var repository = await GitFolder.WithRemoteAsync("https://example.org/x");
        repository.Write("config.vpspilot.json", """{ "root": "web", "env": { "A": "{{TOKEN}}", "B": "{{TOKEN}}{{OTHER}}" } }""");
        repository.Write("web/index.html", "");
        repository.Write("web/deep/x", "");

        Golden.Matches("root.txt", (await program.RunAsync(["validate"], "", Path.Combine(repository.Path, "web/deep"))).Good());
        (await program.RunAsync("validate")).Bad(5).ShouldBe("error: There is no config.vpspilot.json.\nhint:  Make one with: vpspilot init\n");
        repository.Write("config.vpspilot.json", """{ "root": "wob" }""");
        (await program.RunAsync(["validate"], "", repository.Path)).Out.ShouldBe("config.vpspilot.json:1: $.root: There is no folder 'wob' in the repository.\n");
    }

    private string ConfigFile => Path.Combine(program.Home, "config.vpspilot.json");

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(program.Home, name))!);
        File.WriteAllText(Path.Combine(program.Home, name), text);
    }

    public void Dispose() => program.Dispose();
}
