using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Catalogue;

namespace VpsPilot.Templates.Rendering;

/// <summary>Renders the flake of a project. Pure: the same request gives the same text.</summary>
public static class FlakeRenderer
{
    private static readonly Dictionary<ProjectType, Lazy<FlakeTemplate>> Templates =
        Enum.GetValues<ProjectType>().ToDictionary(t => t, t => new Lazy<FlakeTemplate>(() => FlakeTemplate.Load(t.ToString().ToLowerInvariant())));

    /// <summary>Renders; a runtime version nobody has is a failure that names the supported ones. The request's config has its type.</summary>
    public static FlakeResult Render(FlakeRequest request)
    {
        var config = request.Config;
        var type = config.Type ?? throw new ArgumentException("The config has no type; the defaults fill it in.", nameof(request));
        var runtimes = new List<PinnedRuntime>();
        var failures = new List<Failure>();
        foreach (var (runtime, version) in config.Runtime.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            if (RuntimeCatalogue.Resolve(runtime, version, config.Nix.AllowInsecure, out var failure) is { } pinned)
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

        var sets = PackageSet.Of(runtimes, type);
        var text = Templates[type].Value.Render(FlakeModel.Of(request, type, runtimes, sets));
        var isForeign = type == ProjectType.Custom && (request.AppStorePath ?? request.FlakeStorePath) is not null;
        return new FlakeResult(new RenderedFlake(text, [.. sets.Select(s => s.Name), .. isForeign ? ["app/nixpkgs"] : Array.Empty<string>()]) { HasForeignFlake = isForeign }, null);
    }

    private static Failure Combine(List<Failure> failures) => failures is [var only]
        ? only
        : failures[0] with { Message = string.Join(" ", failures.Select(f => f.Message)), Problems = [.. failures.SelectMany(f => f.Problems)] };
}
