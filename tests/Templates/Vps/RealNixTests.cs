using System.Text.Json;
using CsCheck;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Rendering;
using VpsPilot.Testbed;

namespace VpsPilot.Templates.Tests.Vps;

public sealed class RealNixTests(FlakeVps fixture) : IClassFixture<FlakeVps>
{
    private const string Hostile = "${builtins.abort \"x\"} ''${y} '' \" \\ \\n $HOME $(id) `id` %n ; it's\n\ttwo lines \\";

    // All flakes in one go, two at a time; what failed is told with Nix's words.
    private const string CheckAll = """
        check() {
          inputs=$(cat "$1/inputs")
          if ! nix flake check "path:$1" $inputs >"$1/log" 2>&1; then
            echo "== $(basename "$1")"
            tail -n 25 "$1/log"
          fi
        }
        export -f check
        ls -d /root/flakes/* | xargs -P 2 -I{} bash -c 'check {}'
        """;

    [VpsFact]
    public async Task Nix_checks_every_golden_flake_builds_it_and_asks_each_runtime_for_its_version()
    {
        var folder = Directory.CreateTempSubdirectory("vpspilot-flakes");
        foreach (var (name, json) in FlakeCases.All)
            Write(Path.Combine(folder.FullName, name), FlakeCases.Render(name, json, fixture.Tree));
        await fixture.Machine.CopyAsync(folder.FullName, "/root/flakes");
        folder.Delete(recursive: true);

        var result = await fixture.Machine.ExecAsync(["bash", "-c", CheckAll], null, TimeSpan.FromMinutes(14));

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldBe("");
        (await fixture.Machine.ExecAsync("ls", "/root/flakes")).OrThrow().Split('\n').Length.ShouldBe(FlakeCases.All.Count);
    }

    [VpsFact]
    public async Task Nix_reads_each_quoted_text_as_it_was()
    {
        var texts = new List<string>();
        Gen.OneOfConst("${", "''", "\"", "\\", "\n", "$", "$$", "}", "${builtins.abort \"x\"}", "'", "%", "\r", "\t", " ", "é", "x", "\u0001").List[0, 12].Select(parts => string.Concat(parts))
            .Sample(texts.Add, iter: 400, threads: 1, seed: "0000KOIPe036");

        var answer = (await fixture.Machine.ExecAsync(["nix", "eval", "--json", "--file", "-"], $"[\n{string.Join('\n', texts.Select(NixString.Quote))}\n]")).OrThrow();

        JsonSerializer.Deserialize<string[]>(answer).ShouldBe(texts);
    }

    [VpsFact]
    public async Task No_value_of_a_config_breaks_out_of_the_programs_of_a_release()
    {
        const string data = "/root/data/it's ${x} %n";
        var config = new ProjectConfig
        {
            Name = Hostile,
            Type = ProjectType.Go,
            Root = "apps/it's $HOME",
            Runtime = new Dictionary<string, string> { ["go"] = "1.24" },
            Start = new() { Command = $"printf '%s' {ShellString.Quote(Hostile)}" },
            Processes = new Dictionary<string, ProcessConfig> { ["worker"] = new() { Command = "printf '%s|' \"$PWD\" \"$VPSPILOT_DATA\"" } },
            Persist = ["uploads", "an ${odd} it's/", Hostile.Replace('\n', ' ').Replace('\t', ' ')],
        };
        var flake = FlakeRenderer.Render(new FlakeRequest("shop", config) { AppStorePath = fixture.Tree, DataDirectory = data }).Flake.ShouldNotBeNull();
        var folder = Directory.CreateTempSubdirectory("vpspilot-hostile");
        Write(folder.FullName, flake);
        await fixture.Machine.CopyAsync(folder.FullName, "/root/hostile");
        folder.Delete(recursive: true);

        var release = (await fixture.Machine.ExecAsync(["nix", "build", "path:/root/hostile", "--no-link", "--print-out-paths", .. Overrides(flake)])).OrThrow();

        (await fixture.Machine.ExecAsync($"{release}/bin/start")).OrThrow().ShouldBe(Hostile);
        (await fixture.Machine.ExecAsync($"{release}/bin/process-worker")).OrThrow().ShouldBe($"{fixture.Tree}/apps/it's $HOME|{data}|");
        (await fixture.Machine.ExecAsync($"{release}/bin/run", "cat file && basename \"$PWD\"")).OrThrow().ShouldBe("it is there\nit's $HOME");
        (await fixture.Machine.ExecAsync($"{release}/bin/seed")).OrThrow();
        (await fixture.Machine.ExecAsync("cat", $"{data}/uploads/file")).OrThrow().ShouldBe("it is there");
        (await fixture.Machine.ExecAsync("test", "-d", $"{data}/an ${{odd}} it's")).ExitCode.ShouldBe(0);
    }

    [VpsFact]
    public async Task The_environment_at_home_is_the_one_that_the_app_is_built_in()
    {
        var flake = FlakeCases.Render("nodejs-environment", """{ "type": "nodejs", "runtime": { "node": "20" } }""");
        var folder = Directory.CreateTempSubdirectory("vpspilot-home");
        Write(folder.FullName, flake);
        await fixture.Machine.CopyAsync(folder.FullName, "/root/home");
        folder.Delete(recursive: true);
        const string ask = "command -v node; node --version";

        var built = (await fixture.Machine.ExecAsync(["nix", "build", "path:/root/home#env", "--no-link", "--print-out-paths", .. Overrides(flake)])).OrThrow();
        var environment = (await fixture.Machine.ExecAsync($"{built}/bin/bash", "-c", $"PATH={built}/bin; {ask}")).OrThrow();
        var home = (await fixture.Machine.ExecAsync(["nix", "develop", "path:/root/home", .. Overrides(flake), "-c", "sh", "-c", ask])).OrThrow();

        home.ShouldBe(environment);
        home.ShouldStartWith($"{built}/bin/node\nv20.");
    }

    private static void Write(string folder, RenderedFlake flake)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "flake.nix"), flake.Text);
        File.WriteAllText(Path.Combine(folder, "inputs"), string.Join(' ', Overrides(flake)));
    }

    private static IEnumerable<string> Overrides(RenderedFlake flake) => flake.NixpkgsInputs.SelectMany(input => new[] { "--override-input", input, $"path:{FlakeVps.Nixpkgs}" });
}
