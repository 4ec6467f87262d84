using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Projects;

namespace VpsPilot.Cli.Deployments;

/// <summary><c>vpspilot cancel</c> and <c>vpspilot approve</c>.</summary>
internal static class DecisionCommands
{
    public static Command Cancel() => Decide("cancel", "Cancel a deployment. What builds is stopped, what was switched goes back.", d => d.FinishedAt is null, "that goes on");

    public static Command Approve() => Decide("approve", "Let a canary go on that waits for it.", d => d.Canary?.State == "waiting-for-approval", "that waits for an approval");

    private static Command Decide(string verb, string description, Func<DeploymentView, bool> fits, string what)
    {
        var (id, project, follow) = (DeploymentChoice.Argument($"Its id; default: the newest of the project {what}"), ProjectChoice.Option(), DeployCommand.FollowOption());
        return Actions.Command(verb, description, id, project, follow).Calls(async (session, api, ct) =>
        {
            var chosen = await DeploymentChoice.ChooseAsync(api, session.Get(id), session.Get(project), fits, what, ct);
            return chosen.Value is { } one
                ? await DeployCommand.TellAsync(session, api, await api.PostAsync(Route.To($"api/deployments/{one}/{verb}"), ApiJson.Default.DeploymentView, ct), session.Get(follow), ct)
                : session.Output.Fail(chosen.Complaint!);
        });
    }
}
