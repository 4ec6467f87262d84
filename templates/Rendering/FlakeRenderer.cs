using Scriban.Runtime;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Catalogue;

namespace VpsPilot.Templates.Rendering;

/// <summary>Renders the flake of a project. Pure: the same request gives the same text.</summary>
public static class FlakeRenderer
{
    private static readonly FlakeTemplate Template = FlakeTemplate.Load("app");

    /// <summary>Renders; a runtime version nobody has is a failure that names the supported ones.</summary>
    public static FlakeResult Render(FlakeRequest request)
    {
        var runtimes = new List<PinnedRuntime>();
        var failures = new List<Failure>();
        foreach (var (runtime, version) in request.Config.Runtime.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            if (RuntimeCatalogue.Resolve(runtime, version, out var failure) is { } pinned)
            {
                runtimes.Add(pinned);
            }
            else
            {
                failures.Add(failure!);
            }
        }

        if (failures.Count > 0)
        {
            return new FlakeResult(null, Combine(failures));
        }

        var releases = runtimes.Select(r => r.Nixpkgs).DefaultIfEmpty(NixpkgsRelease.Default).Distinct(StringComparer.Ordinal).ToList();
        return new FlakeResult(new RenderedFlake(Template.Render(Model(request, runtimes, releases)), [.. releases.Select(NixpkgsRelease.InputName)]), null);
    }

    private static ScriptObject Model(FlakeRequest request, List<PinnedRuntime> runtimes, List<string> releases)
    {
        var config = request.Config;
        return new ScriptObject
        {
            ["description"] = NixString.Quote($"{config.Name ?? request.ProjectId}, deployed by VPS Pilot"),
            ["name"] = NixString.Quote(request.ProjectId),
            ["inputs"] = new ScriptArray(releases.Select(r => new ScriptObject { ["name"] = NixpkgsRelease.InputName(r), ["url"] = NixString.Quote(NixpkgsRelease.Url(r)) })),
            ["base"] = NixpkgsRelease.InputName(releases[0]),
            ["packages"] = new ScriptArray(Packages(config, runtimes, releases[0])),
            ["app"] = request.AppStorePath is { } path ? NixString.Quote("path:" + path) : null,
            ["root"] = ShellText(config.Root == "." ? "" : "/" + config.Root.Trim('/')),
            ["command"] = ShellText(config.Start.Command ?? ""),
            ["served"] = ShellText(config.Type == ProjectType.Static ? "/" + (config.Build.Output ?? ".").Trim('/') : ""),
        };
    }

    /// <summary>Nix expressions of the packages of the environment; <c>pkgs.INPUT</c> is the package set of an input.</summary>
    private static IEnumerable<string> Packages(ProjectConfig config, List<PinnedRuntime> runtimes, string first) =>
        runtimes.Select(r => $"pkgs.{NixpkgsRelease.InputName(r.Nixpkgs)}.{r.Attribute}")
            // Composer of the same PHP: another one would bring a second interpreter.
            .Concat(runtimes.Where(r => r.Runtime == "php").Select(r => $"pkgs.{NixpkgsRelease.InputName(r.Nixpkgs)}.{r.Attribute}.packages.composer"))
            .Concat(config.Type == ProjectType.Static ? [$"pkgs.{NixpkgsRelease.InputName(first)}.caddy"] : [])
            .Concat(config.Nix.Packages.Select(p => $"pkgs.{NixpkgsRelease.InputName(first)}.{p}"));

    /// <summary>A Nix string that holds one shell word.</summary>
    private static string ShellText(string text) => NixString.Quote(text.Length == 0 ? "" : ShellString.Quote(text));

    private static Failure Combine(List<Failure> failures) => failures is [var only]
        ? only
        : failures[0] with { Message = string.Join(" ", failures.Select(f => f.Message)), Problems = [.. failures.SelectMany(f => f.Problems)] };
}
