using Scriban.Runtime;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Catalogue;
using VpsPilot.Templates.Defaults;

namespace VpsPilot.Templates.Rendering;

/// <summary>What the templates are filled with. Every text of the config is a Nix string here already.</summary>
internal static class FlakeModel
{
    private const string NoPackage = "(throw \"the app's flake has no packages.${system}.default, and the config has no start.command\")";

    public static ScriptObject Of(FlakeRequest request, ProjectType type, IReadOnlyList<PinnedRuntime> runtimes, IReadOnlyList<PackageSet> sets)
    {
        var config = request.Config;
        var isCustom = type == ProjectType.Custom;
        return new ScriptObject
        {
            ["description"] = NixString.Quote($"{config.Name ?? request.ProjectId}, deployed by VPS Pilot"),
            ["name"] = NixString.Quote(request.ProjectId),
            ["inputs"] = new ScriptArray(sets.Select(s => new ScriptObject { ["name"] = s.Name, ["url"] = NixString.Quote(s.Url), ["permits"] = new ScriptArray(s.Permits.Select(NixString.Quote)) })),
            // The newest: what an old runtime runs beside should not be as old. The sets see to it that there is one that is still mended.
            ["base"] = sets.MaxBy(s => s.Name, StringComparer.Ordinal)!.Name,
            ["bindings"] = new ScriptArray(Bindings(config, runtimes)),
            ["packages"] = new ScriptArray(Packages(config, runtimes)),
            ["app"] = (request.AppStorePath ?? (isCustom ? request.FlakeStorePath : null)) is { } path ? NixString.Quote("path:" + path + (isCustom ? DirectoryOfFlake(config) : "")) : null,
            ["is_sealed"] = request.AppStorePath is not null,
            ["app_is_flake"] = isCustom,
            ["app_tree"] = isCustom ? "${inputs.app.sourceInfo}" : "${inputs.app}",
            ["app_path"] = isCustom ? $"${{inputs.app.packages.${{system}}.default or {(config.Start.Command == CustomDefaults.Program ? NoPackage : "env")}}}/bin:" : "",
            ["data"] = ShellText(request.DataDirectory),
            ["probes"] = new ScriptArray(runtimes.Select(r => new ScriptObject { ["name"] = r.Runtime, ["command"] = RuntimeProbe.Command(r.Runtime), ["pattern"] = RuntimeProbe.Pattern(r.Runtime, r.Version) })),
            ["root"] = ShellText(config.Root == "." ? "" : "/" + config.Root.Trim('/')),
            ["served"] = ShellText(type == ProjectType.Static ? "/" + (config.Build.Output ?? ".").Trim('/') : ""),
            ["scripts"] = new ScriptArray(Scripts(config)),
        };
    }

    /// <summary>PHP with its extensions is one package, from which composer has to come as well: another one would bring a second interpreter.</summary>
    private static IEnumerable<ScriptObject> Bindings(ProjectConfig config, IReadOnlyList<PinnedRuntime> runtimes)
    {
        foreach (var php in runtimes.Where(r => r.Runtime == "php" && ExtensionsOf(config, r).Count > 0))
        {
            yield return new ScriptObject { ["name"] = "php", ["value"] = PhpExtensions.BuildEnv(ExpressionOf(php), php.Version, ExtensionsOf(config, php)) };
        }
    }

    private static IReadOnlyList<string> ExtensionsOf(ProjectConfig config, PinnedRuntime php) => PhpExtensions.ToLoad(config.Php.Extensions ?? [], php.Version);

    private static IEnumerable<string> Packages(ProjectConfig config, IReadOnlyList<PinnedRuntime> runtimes)
    {
        foreach (var runtime in runtimes)
        {
            var expression = runtime.Runtime == "php" && ExtensionsOf(config, runtime).Count > 0 ? "php" : ExpressionOf(runtime);
            yield return expression;
            if (runtime.Runtime == "php")
            {
                yield return expression + ".packages.composer";
            }
        }

        foreach (var package in config.Nix.Packages)
        {
            yield return "base." + package;
        }
    }

    private static IEnumerable<ScriptObject> Scripts(ProjectConfig config)
    {
        yield return Script("start", ShellText(config.Start.Command ?? ""));
        foreach (var (name, process) in config.Processes.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            yield return Script("process-" + name, ShellText(process.Command));
        }

        if (PersistPaths.Of(config) is { Count: > 0 } persist)
        {
            yield return Script("seed", ShellText(SeedScript.Of(config.Root, persist)));
        }

        // Runs the command line it is given, in the release's folder and environment.
        yield return Script("run", NixString.Quote("\"$1\""));
    }

    private static ScriptObject Script(string name, string command) => new() { ["name"] = name, ["command"] = command };

    private static string ExpressionOf(PinnedRuntime runtime) => $"pkgs.{NixpkgsRelease.InputName(runtime.Nixpkgs)}.{runtime.Attribute}";

    private static string DirectoryOfFlake(ProjectConfig config)
    {
        var file = (config.Root == "." ? "" : config.Root.Trim('/') + "/") + (config.Nix.FlakeFile ?? "flake.nix");
        return file.LastIndexOf('/') is > 0 and var end ? "?dir=" + Uri.EscapeDataString(file[..end]) : "";
    }

    /// <summary>A Nix string that holds one shell word.</summary>
    private static string ShellText(string text) => NixString.Quote(text.Length == 0 ? "" : ShellString.Quote(text));
}
