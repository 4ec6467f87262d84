using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Catalogue;
using VpsPilot.Templates.Defaults;
using VpsPilot.Templates.Detection;

namespace VpsPilot.Templates.Checks;

/// <summary>
/// All that can be told of a config and the files of its app before anything is built. Nodes and the command line share it, so that both say the same.
/// Every check runs, unless what it goes by has a mistake itself: then it would only say that again in other words.
/// </summary>
public static class AppCheck
{
    /// <param name="utf8">The config.</param>
    /// <param name="filesOf">The files of a folder of the repository, <c>root</c> of the config; null when there is no such folder.</param>
    public static CheckedApp Of(ReadOnlySpan<byte> utf8, Func<string, SourceFiles?> filesOf)
    {
        var parsed = ConfigParser.Parse(utf8);
        List<Failure> failures = parsed.Failure is { } malformed ? [malformed] : [];
        if (parsed.Draft is not { } draft)
        {
            return new(new ProjectConfig(), [], ConfigLines.None, failures);
        }

        var (config, notes) = (draft.Config, (IReadOnlyList<string>)[]);
        if (draft.IsCertain("$.root"))
        {
            if (filesOf(config.Root) is not { } files)
            {
                failures.Add(NoFolder(config.Root));
            }
            else if (draft.IsCertain("$.type"))
            {
                (config, notes, var lacking) = ProjectDefaults.Apply(config, files);
                failures.AddRange(new[] { lacking, NoFlake(config, files) }.OfType<Failure>().Where(f => f.Problems.All(p => draft.IsCertain(p.Path))));
            }
        }

        failures.AddRange(UnknownRuntimes(config, draft));
        return new(config, notes, draft.Lines, [.. failures.Select(draft.Lines.Locate)]);
    }

    private static IEnumerable<Failure> UnknownRuntimes(ProjectConfig config, ConfigDraft draft)
    {
        // Consent that cannot be read is not told to be missing.
        var consents = config.Nix.AllowInsecure || !draft.IsCertain("$.nix.allow_insecure");
        foreach (var (runtime, version) in config.Runtime.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            // As the config writes it.
            var path = runtime == "node" && draft.Lines.Has("$.runtime.nodejs") ? "$.runtime.nodejs" : $"$.runtime.{runtime}";
            if (draft.IsCertain(path) && RuntimeCatalogue.Resolve(runtime, version, consents, out var failure) is null)
            {
                yield return failure! with { Step = Stages.Configure, Problems = [.. failure.Problems.Select(p => p with { Path = path })] };
            }
        }
    }

    private static Failure NoFolder(string root) => new(Stages.Configure, FailureKind.Rejected, $"The folder '{root}' (root) is not in the repository.")
    {
        Problems = [new Problem("$.root", $"There is no folder '{root}' in the repository.")],
        Hint = $"Correct {ConfigParser.FileName} and push again.",
    };

    private static Failure? NoFlake(ProjectConfig config, SourceFiles files)
    {
        var file = config.Nix.FlakeFile ?? "flake.nix";
        return config.Type != ProjectType.Custom || files.IsThere(file) ? null : new Failure(Stages.Configure, FailureKind.Rejected, $"The app has no {file}, which the type custom needs.")
        {
            Problems = [new Problem("$.nix.flake_file", $"There is no {file} in the app's folder.")],
            Hint = "Add it, or say where it is with nix.flake_file.",
        };
    }
}

/// <summary>A config with its defaults, and every mistake of it.</summary>
/// <param name="Config">The config; with failures, as far as it could be filled in.</param>
/// <param name="Notes">What was told by the app's files, one short line each.</param>
/// <param name="Lines">Where its values stand in the file.</param>
/// <param name="Failures">All that is wrong, each with its lines; empty when it can be built.</param>
public sealed record CheckedApp(ProjectConfig Config, IReadOnlyList<string> Notes, ConfigLines Lines, IReadOnlyList<Failure> Failures)
{
    /// <summary>All failures as one, with every mistake in the order of the file; null when there is none.</summary>
    /// <param name="more">Failures that only the caller can tell.</param>
    public Failure? Together(params IEnumerable<Failure?> more)
    {
        List<Failure> all = [.. Failures, .. more.OfType<Failure>().Select(Lines.Locate)];
        return all is [] or [_] ? all.SingleOrDefault() : all[0] with
        {
            Message = string.Join(" ", all.Select(f => f.Message)),
            Problems = [.. all.SelectMany(f => f.Problems).OrderBy(p => p.Line ?? 0)],
            Hint = string.Join(" ", all.Select(f => f.Hint).OfType<string>().Distinct(StringComparer.Ordinal)),
        };
    }
}
