using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;

namespace VpsPilot.Cli.Servers;

/// <summary><c>vpspilot whoami</c>: whom the token speaks for.</summary>
internal static class WhoAmICommand
{
    public static Command Create() => Actions.Command("whoami", "Show the server, and whom the token speaks for.").Calls(async (session, api, ct) =>
        session.Output.Show(await api.GetAsync("api/whoami", ApiJson.Default.WhoAmI, ct), me => session.Output.Line($"{me.Name} ({Reach(me)}) at {api.Server.Url}")));

    /// <summary>What a token may do, and where.</summary>
    public static string Reach(WhoAmI me) => me.Projects is null ? $"{me.Role}, all projects" : $"{me.Role}, {string.Join(", ", me.Projects)} only";
}
