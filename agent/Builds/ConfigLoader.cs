using VpsPilot.Agent.Hosting;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Defaults;

namespace VpsPilot.Agent.Builds;

/// <summary>A commit's config, and the environment that it asks for.</summary>
/// <param name="Config">With the type's defaults.</param>
/// <param name="Environment">Placeholders replaced.</param>
internal sealed record ResolvedConfig(ProjectConfig Config, IReadOnlyDictionary<string, string> Environment);

/// <summary>Reads <c>config.vpspilot.json</c> of a work tree.</summary>
internal static class ConfigLoader
{
    public static Result<ResolvedConfig> Load(string source, IReadOnlyDictionary<string, string> values)
    {
        var file = Path.Combine(source, ConfigParser.FileName);
        if (!File.Exists(file) || LeavesTree(source, file))
        {
            return new Failure(Stages.Configure, FailureKind.Rejected, $"The commit has no {ConfigParser.FileName}.")
            {
                Hint = "Add one to the top of the repository; {\"type\": \"nodejs\"} is a beginning.",
            };
        }

        var (config, failure) = ConfigParser.Parse(File.ReadAllBytes(file));
        if (config is null)
            return failure!;
        var app = Path.Combine(source, config.Root);
        if (!Directory.Exists(app) || LeavesTree(source, app))
        {
            return new Failure(Stages.Configure, FailureKind.Rejected, $"The folder '{config.Root}' (root) is not in the commit.")
            {
                Problems = [new Problem("$.root", "There is no such folder in the commit.")],
                Hint = $"Correct {ConfigParser.FileName} and push again.",
            };
        }

        config = ProjectDefaults.Apply(config, FilesOf(app), out var unclear);
        if (unclear is not null)
            return unclear;
        var environment = Placeholders.Resolve(config.Env, values, out var missing);
        return missing is null ? new ResolvedConfig(config, environment) : missing;
    }

    /// <summary>Files of the folder and of the folders in it, as relative paths: enough to know an app's kind by.</summary>
    private static HashSet<string> FilesOf(string app)
    {
        var shallow = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, AttributesToSkip = FileAttributes.ReparsePoint };
        return Directory.EnumerateFiles(app, "*", shallow).Select(f => Path.GetRelativePath(app, f)).ToHashSet(StringComparer.Ordinal);
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
