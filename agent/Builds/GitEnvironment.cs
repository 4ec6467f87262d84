using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;

namespace VpsPilot.Agent.Builds;

/// <summary>
/// How git is run on repositories that others write: no hooks, no helpers that a repository names, no prompts, every object checked, and only
/// protocols that fetch. The administrator's own <c>~/.gitconfig</c> comes first, for credentials; what is said here wins over it.
/// </summary>
internal static class GitEnvironment
{
    /// <summary>Mistakes that old tools made and that harm nobody; without this, some well-known repositories could not be fetched.</summary>
    private static readonly string[] Harmless = ["zeroPaddedFilemode", "badTimezone", "missingSpaceBeforeDate", "missingSpaceBeforeEmail", "missingEmail", "missingNameBeforeEmail", "nullSha1", "duplicateEntries"];

    /// <summary>Repositories on this node may belong to anyone; the agent reads them as root and runs nothing from them.</summary>
    private static readonly string Config =
        $"""
        [include]
        	path = ~/.gitconfig
        [safe]
        	directory = *
        	bareRepository = explicit
        [core]
        	hooksPath = /dev/null
        	fsmonitor = false
        	untrackedCache = false
        	protectHFS = true
        	protectNTFS = true
        [init]
        	templateDir =
        [submodule]
        	recurse = false
        [transfer]
        	fsckObjects = true
        [fetch "fsck"]
        {string.Join('\n', Harmless.Select(h => $"\t{h} = ignore"))}
        [gc]
        	autoDetach = false

        """.ReplaceLineEndings("\n");

    /// <summary>The variables for one call; the config file is written first where it is missing or of another version.</summary>
    /// <param name="paths">Where the config file is.</param>
    /// <param name="protocols">Git's own names, with colons between: what may be fetched over.</param>
    public static Dictionary<string, string?> Of(AgentPaths paths, string protocols)
    {
        if (!File.Exists(paths.GitConfig) || File.ReadAllText(paths.GitConfig) != Config)
            DurableFile.Write(paths.GitConfig, System.Text.Encoding.UTF8.GetBytes(Config));
        return new(StringComparer.Ordinal)
        {
            ["LC_ALL"] = "C.UTF-8",
            ["GIT_TERMINAL_PROMPT"] = "0",
            ["GIT_CONFIG_GLOBAL"] = paths.GitConfig,
            ["GIT_ALLOW_PROTOCOL"] = protocols,
            ["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o ConnectTimeout=20",
        };
    }
}
