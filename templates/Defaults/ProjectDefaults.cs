using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Detection;

namespace VpsPilot.Templates.Defaults;

/// <summary>Fills in what a config leaves to its type and to the app's files.</summary>
public static class ProjectDefaults
{
    /// <summary>The config with type, runtimes and commands filled in, or why it cannot be.</summary>
    /// <param name="config">The config as the commit has it.</param>
    /// <param name="files">The files of the app's folder.</param>
    public static DefaultedConfig Apply(ProjectConfig config, SourceFiles files)
    {
        var notes = new List<string>();
        if (config.Type is not { } type)
        {
            if (TypeDetection.Detect(files) is not var (detected, sign))
            {
                return new(config, [], NoType);
            }

            type = detected;
            notes.Add($"type {Name(type)}, told by {sign}");
        }

        var defaults = For(type);
        var procfile = config.Start.Command is null || config.Processes.Count == 0 ? Procfile.Of(files) : new Dictionary<string, string>(StringComparer.Ordinal);
        var start = config.Start.Command ?? procfile.GetValueOrDefault("web");
        if (start is not null && config.Start.Command is null)
        {
            notes.Add("start command from Procfile");
        }

        if (config.Build.Commands is null)
        {
            notes.AddRange(defaults.NotUsed(files));
        }

        start ??= type == ProjectType.Static && config.Build.Spa ? StaticDefaults.SinglePage : defaults.Start(files);
        var filled = config with
        {
            Type = type,
            Runtime = Runtimes(config, defaults, files, notes),
            Php = config.Php with { Extensions = config.Php.Extensions ?? LaravelDefaults.Extensions(files) },
            Build = config.Build with { Commands = config.Build.Commands ?? defaults.Build(files), Output = config.Build.Output ?? (type == ProjectType.Static ? StaticDefaults.Output(files) : null) },
            Test = config.Test with { Commands = config.Test.Commands ?? [] },
            Release = config.Release with { Commands = config.Release.Commands ?? (procfile.GetValueOrDefault("release") is { } release ? [release] : []) },
            Start = config.Start with { Command = start },
            Processes = config.Processes.Count > 0 ? config.Processes : Workers(procfile, notes),
        };
        return new(filled, notes, filled.Start.Command is null ? NoStart : null);
    }

    private static Dictionary<string, string> Runtimes(ProjectConfig config, TypeDefaults defaults, SourceFiles files, List<string> notes)
    {
        var runtimes = new Dictionary<string, string>(config.Runtime, StringComparer.Ordinal);
        foreach (var (runtime, standard) in defaults.Runtimes(files))
        {
            if (runtimes.ContainsKey(runtime))
            {
                continue;
            }

            if (RuntimeHints.Find(runtime, standard, files) is var (version, file))
            {
                runtimes[runtime] = version;
                notes.Add($"{runtime} {version}, told by {file}");
            }
            else
            {
                runtimes[runtime] = standard;
            }
        }

        return runtimes;
    }

    private static Dictionary<string, ProcessConfig> Workers(IReadOnlyDictionary<string, string> procfile, List<string> notes)
    {
        var workers = new Dictionary<string, ProcessConfig>(StringComparer.Ordinal);
        foreach (var (name, command) in procfile.Where(p => p.Key is not ("web" or "release")))
        {
            if (ProcessConfig.NameMistake(name) is { } mistake)
            {
                notes.Add($"process {name} of Procfile is left out: {mistake}");
            }
            else
            {
                workers[name] = new ProcessConfig { Command = command };
            }
        }

        if (workers.Count > 0)
        {
            notes.Add($"processes from Procfile: {string.Join(", ", workers.Keys.Order(StringComparer.Ordinal))}");
        }

        return workers;
    }

    private static Failure NoType => new(Stages.Configure, FailureKind.Rejected, $"{ConfigParser.FileName} has no type, and the files of the app do not tell it.")
    {
        Problems = [new Problem("$.type", $"The type is missing. Known: {string.Join(", ", Enum.GetValues<ProjectType>().Select(Name))}.")],
        Hint = $"Add \"type\" to {ConfigParser.FileName}, or \"root\" where the app is in a folder of the repository.",
    };

    private static Failure NoStart => new(Stages.Configure, FailureKind.Rejected, $"{ConfigParser.FileName} has no start.command, and the files of the app do not tell how it is started.")
    {
        Problems = [new Problem("$.start.command", "The start command is missing.")],
        Hint = "Add \"start\": { \"command\": \"…\" }; the app must listen on 127.0.0.1:$PORT.",
    };

    private static string Name(ProjectType type) => type.ToString().ToLowerInvariant();

    private static TypeDefaults For(ProjectType type) => type switch
    {
        ProjectType.NodeJs => new NodeJsDefaults(),
        ProjectType.Static => new StaticDefaults(),
        ProjectType.Go => new GoDefaults(),
        ProjectType.Python => new PythonDefaults(),
        ProjectType.Django => new DjangoDefaults(),
        ProjectType.Ruby => new RubyDefaults(),
        ProjectType.Laravel => new LaravelDefaults(),
        ProjectType.Custom => new CustomDefaults(),
        _ => throw new InvalidOperationException($"The type {type} has no defaults."),
    };
}

/// <summary>A config with its defaults.</summary>
/// <param name="Config">The config; with a failure, as far as it could be filled in.</param>
/// <param name="Notes">What was told by the app's files, one short line each.</param>
/// <param name="Failure">Why it cannot be used; null when it can.</param>
public sealed record DefaultedConfig(ProjectConfig Config, IReadOnlyList<string> Notes, Failure? Failure);
