using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Completion;
using VpsPilot.Cli.Deployments;
using VpsPilot.Cli.Git;
using VpsPilot.Cli.Output;
using VpsPilot.Cli.Projects;

namespace VpsPilot.Cli.Operations;

/// <summary><c>vpspilot logs</c>: what an app writes, or what a build wrote.</summary>
internal static class LogsCommand
{
    public static Command Create()
    {
        var deployment = DeploymentChoice.Argument("With --build: the deployment; default: the newest");
        var build = new Option<bool>("--build") { Description = "What the build wrote, rather than what the app writes" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until Ctrl+C, or until the build has ended" };
        var lines = new Option<int>("--lines", "-n") { Description = "How many of the app's last lines", HelpName = "N", DefaultValueFactory = _ => 100 };
        var node = new Option<string?>("--node") { Description = "One node only", HelpName = "NODE" }.CompletedBy("api/nodes");
        var process = new Option<string?>("--process") { Description = "One process of the app only", HelpName = "NAME" };
        var project = ProjectChoice.Option();
        return Actions.Command("logs", "The app's own output, or a build's.", deployment, build, follow, lines, node, process, project).Calls(async (session, api, ct) =>
        {
            if (session.Get(build))
            {
                var chosen = await DeploymentChoice.ChooseAsync(api, session.Get(deployment), session.Get(project), _ => true, "yet", ct);
                return chosen.Value is not { } one ? session.Output.Fail(chosen.Complaint!)
                    : session.Get(follow) ? await FollowBuildAsync(session.Output, api, one, session.Get(node), ct)
                    : await TextStream.CopyAsync(session.Output, api, Route.To($"api/deployments/{one}/log").With(("node", session.Get(node))), ct);
            }

            if (session.Get(deployment) is not null)
            {
                return session.Output.Fail(Complaint.Usage("A deployment has a log of its build alone.", "Add --build"));
            }

            var id = await ProjectChoice.ChooseAsync(session.Get(project), api, new GitRepository(Directory.GetCurrentDirectory()), ct);
            if (id.Value is not { } app)
            {
                return session.Output.Fail(id.Complaint!);
            }

            var path = Route.To($"api/projects/{app}/logs").With(("node", session.Get(node)), ("process", session.Get(process)));
            return session.Get(follow)
                ? await AppLog.FollowAsync(session.Output, api, path, session.Get(lines), ct)
                : await TextStream.CopyAsync(session.Output, api, path.With(("lines", $"{session.Get(lines)}")), ct);
        });
    }

    private static async Task<int> FollowBuildAsync(Writer output, ApiClient api, string id, string? node, CancellationToken ct)
    {
        var found = await api.GetAsync(Route.To($"api/deployments/{id}"), ApiJson.Default.DeploymentView, ct);
        var complaint = found.Value is { } deployment
            ? await FollowedLog.Of(output, api, deployment, node).ShowAsync(ApiJson.Default.DeploymentView, d => d.FinishedAt is not null, ct)
            : found.Complaint;
        return complaint is null ? ExitCode.Done : output.Fail(complaint);
    }
}
