using System.Text;
using VpsPilot.Agent.Hosting;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Checks;
using VpsPilot.Templates.Detection;

namespace VpsPilot.Agent.Builds;

/// <summary>A commit's config, and the environment that it asks for.</summary>
/// <param name="Config">With the type's defaults.</param>
/// <param name="Environment">Placeholders replaced.</param>
/// <param name="Notes">What was told by the app's files rather than the config.</param>
/// <param name="Lines">Where the config's values stand in its file.</param>
internal sealed record ResolvedConfig(ProjectConfig Config, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<string> Notes, ConfigLines Lines);

/// <summary>Reads the config of a work tree: <c>config.vpspilot.json</c>, or the file that the project names.</summary>
internal static class ConfigLoader
{
    private const int MaxHintBytes = 64 * 1024;

    public static Result<ResolvedConfig> Load(string source, IReadOnlyDictionary<string, string> values, string? configFile = null)
    {
        var name = configFile ?? ConfigParser.FileName;
        if (ConfigFile.Mistake(name) is { } mistake)
            return new Failure(Stages.Configure, FailureKind.Rejected, $"The project's configFile \"{name}\" {mistake}");
        var file = Path.Combine(source, name);
        if (!File.Exists(file) || LeavesTree(source, file))
        {
            return new Failure(Stages.Configure, FailureKind.Rejected, $"The commit has no {name}.")
            {
                Hint = configFile is null
                    ? "Add one to the top of the repository; {\"type\": \"nodejs\"} is a beginning."
                    : "Add it, or set the project's configFile to the path it has in the repository.",
            };
        }

        var app = AppCheck.Of(ReadBounded(file, ConfigParser.MaxBytes + 1), root => FilesOf(source, Path.GetFullPath(Path.Combine(source, root))));
        var environment = Placeholders.Resolve(app.Config.Env, values, out var missing);
        return app.Together(missing) is { } failure ? Named(failure, name) : new ResolvedConfig(app.Config, environment, app.Notes, app.Lines);
    }

    /// <summary>A project of a monorepo is told of its own file.</summary>
    private static Failure Named(Failure failure, string name) => name == ConfigParser.FileName ? failure : failure with
    {
        Message = failure.Message.Replace(ConfigParser.FileName, name, StringComparison.Ordinal),
        Hint = failure.Hint?.Replace(ConfigParser.FileName, name, StringComparison.Ordinal),
    };

    /// <summary>The lock that the commit brings, or null.</summary>
    public static string? CommittedLock(string source, ProjectConfig config)
    {
        var file = Path.GetFullPath(Path.Combine(source, config.Root, EnvironmentBuilder.CommittedLock));
        return File.Exists(file) && !LeavesTree(source, file) ? file : null;
    }

    /// <summary>Files of the folder and of the folders in it: enough to know an app's kind by. Null when the tree has no such folder.</summary>
    private static SourceFiles? FilesOf(string source, string app)
    {
        if (!Directory.Exists(app) || LeavesTree(source, app))
            return null;
        var shallow = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, AttributesToSkip = FileAttributes.ReparsePoint };
        var names = Directory.EnumerateFiles(app, "*", shallow).Select(f => Path.GetRelativePath(app, f)).ToHashSet(StringComparer.Ordinal);
        return new SourceFiles(names, name =>
        {
            var file = Path.Combine(app, name);
            return names.Contains(name) && !LeavesTree(source, file) ? Encoding.UTF8.GetString(ReadBounded(file, MaxHintBytes)) : null;
        })
        {
            IsThere = name => File.Exists(Path.Combine(app, name)),
        };
    }

    private static byte[] ReadBounded(string file, int most)
    {
        using var stream = File.OpenRead(file);
        var bytes = new byte[Math.Min(stream.Length, most)];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    /// <summary>The tree is the work of others, the agent is root: no link in it may lead elsewhere.</summary>
    private static bool LeavesTree(string source, string path)
    {
        for (var part = path; part.Length > source.Length; part = Path.GetDirectoryName(part)!)
        {
            if (new FileInfo(part).LinkTarget is not null)
                return true;
        }

        return false;
    }
}
