using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Completion;
using VpsPilot.Cli.Git;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Projects;

/// <summary><c>vpspilot projects create</c></summary>
internal static class CreateProjectCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("project") { Description = "Its id: lower-case letters, digits and dashes" };
        var nodes = new Option<string[]>("--node") { Description = "A node to deploy to; may be given several times", HelpName = "NODE", Required = true }.CompletedBy("api/nodes");
        var repository = new Option<string?>("--repository") { Description = "Address of the git repository; default: the remote of the one here", HelpName = "URL" };
        var branch = new Option<string?>("--branch") { Description = "Branch whose pushes deploy; default: main", HelpName = "NAME" };
        var config = new Option<string?>("--config-file") { Description = "Path of the config, where the repository has several projects", HelpName = "PATH" };
        var provider = new Option<string?>("--provider") { Description = "Who sends the webhooks: github, gitlab, gitea, forgejo, bitbucket or generic; default: told by the address", HelpName = "NAME" };
        var environment = new Option<string?>("--environment") { Description = "Name of the environment; default: production", HelpName = "NAME" };
        var manual = new Option<bool>("--no-auto-deploy") { Description = "Deploy only when asked, not on a push" };
        return Actions.Command("create", "Make a project; prints the address and the secret of its webhook.", id, nodes, repository, branch, config, provider, environment, manual)
            .Calls(async (session, api, ct) =>
            {
                var address = session.Get(repository) ?? (await new GitRepository(Directory.GetCurrentDirectory()).RemotesAsync(ct) is [var first, ..] ? first : null);
                if (address is null)
                {
                    return session.Output.Fail(Complaint.Usage("Which repository? This folder is in none with a remote.", "Name it with --repository."));
                }

                var project = new NewProject(session.Get(id), address, session.Get(nodes)!)
                {
                    Branch = session.Get(branch),
                    ConfigFile = session.Get(config),
                    Provider = session.Get(provider) ?? ProviderOf(address),
                    AutoDeploy = session.Get(manual) ? false : null,
                    Environment = session.Get(environment),
                };
                return session.Output.Show(await api.PostAsync("api/projects", project, ApiJson.Default.NewProject, ApiJson.Default.ProjectView, ct), made => Print(session.Output, made));
            });
    }

    private static void Print(Writer output, ProjectView project)
    {
        output.Line($"Made {project.Id}.");
        output.Line($"webhook  {project.WebhookUrl}");
        output.Line($"secret   {project.WebhookSecret}");
        output.Remark($"Give both to the webhooks of {project.Repository}; the secret is shown only now.");
        output.Remark($"Deploy with: vpspilot deploy -p {project.Id}");
    }

    /// <summary>The sender of webhooks, by the well-known hosts; null where the address does not tell.</summary>
    private static string? ProviderOf(string address) =>
        address.Contains("gitlab", StringComparison.Ordinal) ? "gitlab"
        : address.Contains("bitbucket.org", StringComparison.Ordinal) ? "bitbucket"
        : address.Contains("codeberg.org", StringComparison.Ordinal) ? "forgejo"
        : address.Contains("github.com", StringComparison.Ordinal) ? "github"
        : null;
}
