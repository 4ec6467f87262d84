using VpsPilot.Contracts.Config;

namespace VpsPilot.Templates.Defaults;

/// <summary>What a type does when the config is silent.</summary>
public static class ProjectDefaults
{
    /// <summary>Runtime versions that are taken when the config names none.</summary>
    private const string DefaultNode = "22";

    /// <summary>Fills in runtimes, build commands and start command.</summary>
    /// <param name="config">The config as the commit has it.</param>
    /// <param name="files">Names of the files in the app's folder.</param>
    public static ProjectConfig Apply(ProjectConfig config, IReadOnlyCollection<string> files) => config with
    {
        Runtime = config.Runtime.Count > 0 || !NeedsNode(config, files) ? config.Runtime : new Dictionary<string, string>(StringComparer.Ordinal) { ["node"] = DefaultNode },
        Build = config.Build with { Commands = config.Build.Commands ?? (NeedsNode(config, files) ? NodeJsBuild(files) : []) },
        Test = config.Test with { Commands = config.Test.Commands ?? [] },
        Release = config.Release with { Commands = config.Release.Commands ?? [] },
        Start = config.Start with { Command = config.Start.Command ?? StartCommand(config.Type) },
    };

    /// <summary>The type's start command.</summary>
    public static string StartCommand(ProjectType type) => type switch
    {
        ProjectType.Static => "caddy file-server --listen \"127.0.0.1:$PORT\" --root \"$VPSPILOT_SERVED\"",
        _ => "npm start",
    };

    private static bool NeedsNode(ProjectConfig config, IReadOnlyCollection<string> files) =>
        config.Type == ProjectType.NodeJs || (files.Contains("package.json") && config.Build.Commands is not []);

    /// <summary>The package manager is known by its lock file.</summary>
    private static List<string> NodeJsBuild(IReadOnlyCollection<string> files)
    {
        if (!files.Contains("package.json"))
        {
            return [];
        }

        if (files.Contains("pnpm-lock.yaml"))
        {
            return ["npx --yes pnpm install --frozen-lockfile", "npm run build --if-present"];
        }

        if (files.Contains("yarn.lock"))
        {
            return ["npx --yes yarn install --frozen-lockfile", "npm run build --if-present"];
        }

        return [files.Contains("package-lock.json") ? "npm ci" : "npm install", "npm run build --if-present"];
    }
}
