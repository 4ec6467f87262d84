using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Deployments.Following;
using VpsPilot.Cli.Output;
using VpsPilot.Cli.Projects;

namespace VpsPilot.Cli.Deployments;

/// <summary><c>vpspilot deployments</c>: those of a project, or one.</summary>
internal static class DeploymentsCommand
{
    public static Command Create()
    {
        var id = DeploymentChoice.Argument("Show this one; default: a list");
        var (follow, limit, project) = (DeployCommand.FollowOption(), LimitOption(), ProjectChoice.Option());
        return Actions.Command("deployments", "Deployments of a project, newest first, or one of them.", id, follow, limit, project).Calls(async (session, api, ct) =>
        {
            if (session.Get(id) is null && !session.Get(follow))
            {
                return await ListAsync(session, api, session.Get(project), session.Get(limit), ct);
            }

            var chosen = await DeploymentChoice.ChooseAsync(api, session.Get(id), session.Get(project), _ => true, "yet", ct);
            return chosen.Value is not { } one ? session.Output.Fail(chosen.Complaint!)
                : session.Get(follow) ? await Follower.FollowAsync(session, api, one, ct)
                : session.Output.Show(await api.GetAsync(Route.To($"api/deployments/{one}"), ApiJson.Default.DeploymentView, ct), d => Print(session.Output, d));
        });
    }

    public static Option<int> LimitOption() => new("--limit", "-n") { Description = "How many; 1 to 200", HelpName = "N", DefaultValueFactory = _ => 20 };

    private static async Task<int> ListAsync(Session session, ApiClient api, string? given, int limit, CancellationToken ct)
    {
        var project = await ProjectChoice.ChooseAsync(given, api, new Git.GitRepository(Directory.GetCurrentDirectory()), ct);
        if (project.Value is not { } id)
        {
            return session.Output.Fail(project.Complaint!);
        }

        return session.Output.Show(await api.ListAsync(Route.To($"api/projects/{id}/deployments"), ApiJson.Default.DeploymentView, ct, limit), deployments =>
        {
            var table = new TextTable("DEPLOYMENT", "STATUS", "COMMIT", "BY", "CREATED", "SUMMARY");
            foreach (var d in deployments)
            {
                table.Add(d.Id, Cell.State(d.Status), Words.Commit(d.Commit), d.RequestedBy, Words.Time(d.CreatedAt), d.Summary ?? d.Subject);
            }

            table.Write(session.Output, $"{id} was not deployed yet. Deploy it with: vpspilot deploy -p {id}");
        });
    }

    private static void Print(Writer output, DeploymentView deployment)
    {
        output.Write(deployment.ProjectId, Styles.Strong);
        output.Line($"  {StepWords.Of(deployment)}", Styles.Of(deployment.Status));
        output.Line($"{Words.Commit(deployment.Commit)} of {deployment.Branch}, asked for by {deployment.RequestedBy} at {Words.Time(deployment.CreatedAt)}  {deployment.Subject}".TrimEnd());
        if (deployment.Summary is { } summary)
        {
            output.Line(summary);
        }

        var table = new TextTable("NODE", "STAGE", "STATE", "TOOK", "DETAIL");
        foreach (var node in deployment.Nodes ?? [])
        {
            foreach (var step in node.Steps)
            {
                table.Add(node.NodeId, step.Stage, Cell.State(step.State.ToString().ToLowerInvariant()), step.DurationMilliseconds is { } ms ? Words.Duration(TimeSpan.FromMilliseconds(ms)) : null, step.Detail);
            }
        }

        table.Write(output, "No node has begun.");
    }
}
