using Scriban.Runtime;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Catalogue;

namespace VpsPilot.Templates.Rendering;

/// <summary>What the templates are filled with. Every text of the config is a Nix string here already.</summary>
internal static class FlakeModel
{
    public static ScriptObject Of(FlakeRequest request, ProjectType type, IReadOnlyList<PinnedRuntime> runtimes, IReadOnlyList<PackageSet> sets)
    {
        var config = request.Config;
        var isCustom = type == ProjectType.Custom;
        return new ScriptObject
        {
            ["description"] = NixString.Quote($"{config.Name ?? request.ProjectId}, deployed by VPS Pilot"),
            ["name"] = NixString.Quote(request.ProjectId),
            ["inputs"] = new ScriptArray(sets.Select(s => new ScriptObject { ["name"] = s.Name, ["url"] = NixString.Quote(s.Url), ["permits"] = new ScriptArray(s.Permits.Select(NixString.Quote)) })),
            // The newest: what an old runtime runs beside should not be as old.
            ["base"] = sets.MaxBy(s => s.Name, StringComparer.Ordinal)!.Name,
            ["bindings"] = new ScriptArray(Bindings(config, runtimes)),
            ["packages"] = new ScriptArray(Packages(config, runtimes)),
            ["app"] = request.AppStorePath is { } path ? NixString.Quote("path:" + path + (isCustom ? DirectoryOfFlake(config) : "")) : null,
            ["app_is_flake"] = isCustom,
            ["app_tree"] = isCustom ? "${inputs.app.sourceInfo}" : "${inputs.app}",
            ["app_path"] = isCustom ? "${inputs.app.packages.${system}.default}/bin:" : "",
            ["root"] = ShellText(config.Root == "." ? "" : "/" + config.Root.Trim('/')),
            ["served"] = ShellText(type == ProjectType.Static ? "/" + (config.Build.Output ?? ".").Trim('/') : ""),
            ["scripts"] = new ScriptArray(Scripts(config)),
        };
    }

    /// <summary>PHP with its extensions is one package, from which composer has to come as well: another one would bring a second interpreter.</summary>
    private static IEnumerable<ScriptObject> Bindings(ProjectConfig config, IReadOnlyList<PinnedRuntime> runtimes)
    {
        foreach (var php in runtimes.Where(r => r.Runtime == "php" && config.Php.Extensions.Count > 0))
        {
            var extensions = string.Concat(config.Php.Extensions.Distinct(StringComparer.Ordinal).Select(e => $" all.{e}"));
            yield return new ScriptObject { ["name"] = "php", ["value"] = $"{ExpressionOf(php)}.buildEnv {{ extensions = {{ enabled, all }}: enabled ++ [{extensions} ]; }}" };
        }
    }

    private static IEnumerable<string> Packages(ProjectConfig config, IReadOnlyList<PinnedRuntime> runtimes)
    {
        foreach (var runtime in runtimes)
        {
            var expression = runtime.Runtime == "php" && config.Php.Extensions.Count > 0 ? "php" : ExpressionOf(runtime);
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
