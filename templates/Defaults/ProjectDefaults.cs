using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Templates.Defaults;

/// <summary>Fills in what a config leaves to its type.</summary>
public static class ProjectDefaults
{
    /// <summary>The config with runtimes and commands filled in, or why there is none: a type whose start command the files do not tell.</summary>
    /// <param name="config">The config as the commit has it.</param>
    /// <param name="files">The files of the app's folder, as relative paths, one folder deep.</param>
    /// <param name="failure">Null when there is none.</param>
    public static ProjectConfig Apply(ProjectConfig config, IReadOnlyCollection<string> files, out Failure? failure)
    {
        var defaults = For(config.Type);
        var start = config.Start.Command ?? defaults.Start(files);
        failure = start is not null ? null : new Failure(Stages.Configure, FailureKind.Rejected, $"{ConfigParser.FileName} has no start.command, and the files of the app do not tell how it is started.")
        {
            Problems = [new Problem("$.start.command", "The start command is missing.")],
            Hint = "Add \"start\": { \"command\": \"…\" }; the app must listen on 127.0.0.1:$PORT.",
        };
        return config with
        {
            Runtime = config.Runtime.Count == 0 && defaults.Runtime(files) is var (runtime, version)
                ? new Dictionary<string, string>(StringComparer.Ordinal) { [runtime] = version }
                : config.Runtime,
            Build = config.Build with { Commands = config.Build.Commands ?? defaults.Build(files) },
            Test = config.Test with { Commands = config.Test.Commands ?? [] },
            Release = config.Release with { Commands = config.Release.Commands ?? [] },
            Start = config.Start with { Command = start },
        };
    }

    private static TypeDefaults For(ProjectType type) => type switch
    {
        ProjectType.NodeJs => new NodeJsDefaults(),
        ProjectType.Static => new StaticDefaults(),
        ProjectType.Go => new GoDefaults(),
        ProjectType.Python => new PythonDefaults(),
        ProjectType.Django => new DjangoDefaults(),
        ProjectType.Ruby => new RubyDefaults(),
        ProjectType.Laravel => new LaravelDefaults(),
        _ => throw new InvalidOperationException($"The type {type} has no defaults."),
    };
}
