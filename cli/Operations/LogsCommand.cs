using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
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
        var node = new Option<string?>("--node") { Description = "One node only", HelpName = "NODE" };
        var process = new Option<string?>("--process") { Description = "One process of the app only", HelpName = "NAME" };
        var project = ProjectChoice.Option();
        return Actions.Command("logs", "The app's own output, or a build's.", deployment, build, follow, lines, node, process, project).Calls(async (session, api, ct) =>
        {
            var following = session.Get(follow) ? "1" : null;
            if (session.Get(build))
            {
                var chosen = await DeploymentChoice.ChooseAsync(api, session.Get(deployment), session.Get(project), _ => true, "yet", ct);
                return chosen.Value is { } one
                    ? await TextStream.CopyAsync(session.Output, api, Route.To($"api/deployments/{one}/log").With(("node", session.Get(node)), ("follow", following)), ct)
                    : session.Output.Fail(chosen.Complaint!);
            }

            if (session.Get(deployment) is not null)
            {
                return session.Output.Fail(Complaint.Usage("A deployment has a log of its build alone.", "Add --build"));
            }

            var id = await ProjectChoice.ChooseAsync(session.Get(project), api, new GitRepository(Directory.GetCurrentDirectory()), ct);
            return id.Value is { } app
                ? await TextStream.CopyAsync(session.Output, api, Route.To($"api/projects/{app}/logs").With(("lines", $"{session.Get(lines)}"), ("node", session.Get(node)), ("process", session.Get(process)), ("follow", following)), ct)
                : session.Output.Fail(id.Complaint!);
        });
    }
}
