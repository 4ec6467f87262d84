using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Completion;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Projects;

/// <summary><c>vpspilot projects …</c></summary>
internal static class ProjectCommands
{
    public static Command Create() => Actions.Command("projects", "What is deployed, and where to.", List(), CreateProjectCommand.Create(), Show(), Delete());

    private static Command List() => Actions.Command("list", "Projects.").Calls(async (session, api, ct) =>
        session.Output.Show(await api.ListAsync("api/projects", ApiJson.Default.ProjectView, ct), projects =>
        {
            var table = new TextTable("PROJECT", "BRANCH", "ENVIRONMENT", "NODES", "REPOSITORY");
            foreach (var project in projects)
            {
                table.Add(project.Id, project.Branch, project.Environment, string.Join(", ", project.Nodes), project.Repository);
            }

            table.Write(session.Output, "There are no projects. Make one with: vpspilot projects create ID --node NODE");
        }));

    private static Command Show() => Actions.Command("show", "One project.").CallsProject(async (session, api, id, ct) =>
        session.Output.Show(await api.GetAsync(Route.To($"api/projects/{id}"), ApiJson.Default.ProjectView, ct), project =>
        {
            foreach (var (name, value) in ((string, string?)[])
            [
                ("project", project.Id),
                ("repository", project.Repository),
                ("branch", project.Branch),
                ("config", project.ConfigFile ?? "config.vpspilot.json"),
                ("nodes", string.Join(", ", project.Nodes)),
                ("environment", project.Environment),
                ("deploys", project.AutoDeploy ? "on every push" : "when asked"),
                ("webhook", project.WebhookUrl),
                ("made", Words.Time(project.CreatedAt)),
            ])
            {
                session.Output.Write($"{name,-13}", Styles.Faint);
                session.Output.Line(value ?? "-");
            }
        }));

    private static Command Delete()
    {
        var yes = Confirmation.Option();
        var id = new Argument<string>("project") { Description = "Id of the project", HelpName = "project" }.CompletedBy("api/projects");
        return Actions.Command("delete", "Delete a project with its secret values. What runs on nodes goes on running.", id, yes).Calls(async (session, api, ct) =>
            await Confirmation.AskAsync(session, yes, $"Delete the project {session.Get(id)} with its secret values?") is { } no
                ? session.Output.Fail(no)
                : session.Output.Show(await api.DeleteAsync(Route.To($"api/projects/{session.Get(id)}"), ct), _ => session.Output.Line($"Deleted {session.Get(id)}.")));
    }
}
