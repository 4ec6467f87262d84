using System.CommandLine;
using VpsPilot.Cli.Servers;

namespace VpsPilot.Cli.CommandLine;

/// <summary>Options that every command has.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string?> Server = new("--server")
    {
        Description = "Server to speak to: its name or its address [VPSPILOT_SERVER; default: the one that was logged in to last]",
        HelpName = "NAME",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Write results and errors as JSON",
        Recursive = true,
    };

    /// <summary>Puts them on the root.</summary>
    public static void AddTo(RootCommand root)
    {
        if (Server.CompletionSources.Count == 0)
        {
            Server.CompletionSources.Add(_ => ServersFile.Read().Value?.Servers.Keys ?? []);
        }

        root.Options.Add(Server);
        root.Options.Add(Json);
    }
}
