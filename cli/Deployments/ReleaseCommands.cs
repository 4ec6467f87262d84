using System.CommandLine;
using System.Text.Json.Nodes;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Deployments;

/// <summary><c>vpspilot releases</c> and <c>vpspilot rollback</c>.</summary>
internal static class ReleaseCommands
{
    public static Command Releases() => Actions.Command("releases", "What each node can go back to.").CallsProject(async (session, api, project, ct) =>
        session.Output.Show(await api.ListAsync(Route.To($"api/projects/{project}/releases"), ApiJson.Default.ReleaseView, ct), releases =>
        {
            var table = new TextTable("NODE", "GENERATION", "COMMIT", "ACTIVATED", "SERVES");
            foreach (var release in releases)
            {
                table.Add(release.NodeId, $"{release.Generation}", Words.Commit(release.Commit), Words.Time(release.ActivatedAt), release.IsServing ? new Cell("yes", Styles.Good) : "");
            }

            table.Write(session.Output, $"{project} has no releases yet. Deploy it with: vpspilot deploy -p {project}");
        }));

    public static Command RollBack()
    {
        var to = new Option<string>("--to") { Description = "previous; a generation; the start of a commit id; other-slot, which has no traffic; or backup, for an emergency", HelpName = "TARGET", DefaultValueFactory = _ => "previous" };
        var environment = EnvironmentOption();
        var follow = DeployCommand.FollowOption();
        return Actions.Command("rollback", "Go back to an earlier release.", to, environment, follow).CallsProject(async (session, api, project, ct) =>
        {
            var wish = new JsonObject { ["to"] = Target(session.Get(to)!), ["environment"] = session.Get(environment) };
            var started = await api.PostAsync(Route.To($"api/projects/{project}/rollback"), wish, ApiJson.Default.JsonObject, ApiJson.Default.DeploymentView, ct);
            return await DeployCommand.TellAsync(session, api, started, session.Get(follow), ct);
        });
    }

    /// <summary>Which values: those that a release had, or those of now.</summary>
    public static Option<string> EnvironmentOption()
    {
        var option = new Option<string>("--environment") { Description = "Secret values: kept, as the release had them, or current", HelpName = "kept|current", DefaultValueFactory = _ => "kept" };
        option.AcceptOnlyFromAmong("kept", "current");
        return option;
    }

    /// <summary>A short number is a generation; ids of commits are longer.</summary>
    private static JsonNode Target(string to) => to switch
    {
        "previous" or "other-slot" or "backup" => to,
        { Length: < 7 } when int.TryParse(to, out var generation) => new JsonObject { ["generation"] = generation },
        _ => new JsonObject { ["commit"] = to },
    };
}
