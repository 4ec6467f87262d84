using System.Text.Json;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Notices.Senders;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Notices.GitHub;

/// <summary>
/// Shows a deployment at its commit on GitHub: as a commit status, and as a deployment with its status. What is sent is how the deployment
/// stands at that moment, so an attempt that comes late never says what is no longer true.
/// </summary>
internal sealed class GitHubStatusSender(DeploymentStore deployments, ProjectStore projects, StatusTokens tokens, GitHubClient github, IStateStore store, ControlPlaneOptions options)
{
    private const string Known = "github-deployment";
    private const int MaxDescription = 140;

    public async Task<bool> IsWantedAsync(string deploymentId, CancellationToken ct) => await FindAsync(deploymentId, ct) is not null;

    public async Task<SendOutcome> SendAsync(string deploymentId, CancellationToken ct)
    {
        if (await FindAsync(deploymentId, ct) is not { } target)
        {
            return SendOutcome.GiveUp("The project reports to GitHub no more.");
        }

        // A push names its commit; "the newest of the branch" is known when the build is done.
        if (target.Deployment.Commit is not { } commit)
        {
            return target.Deployment.Status.IsFinal() ? SendOutcome.Sent : SendOutcome.Retry("The commit is not known yet.");
        }

        var (state, description) = (StateOf(target.Deployment.Status), Describe(target.Deployment));
        var link = options.PublicUrl is { } url ? $"{url.ToString().TrimEnd('/')}/deployments/{deploymentId}" : null;
        var status = new CommitStatusBody(state == "in_progress" ? "pending" : state == "inactive" ? "error" : state, description, $"vpspilot/{target.Project.Id}", link);
        var posted = await github.PostAsync(target.Repository, $"statuses/{commit}", target.Token, status, GitHubJson.Default.CommitStatusBody, ct);
        if (posted.Outcome.Error is not null)
        {
            return posted.Outcome;
        }

        var (number, outcome) = await NumberAsync(target, commit, ct);
        if (number is null)
        {
            return outcome;
        }

        var body = new DeploymentStatusBody(state, description, target.Project.Environment, link, AutoInactive: true);
        return (await github.PostAsync(target.Repository, $"deployments/{number}/statuses", target.Token, body, GitHubJson.Default.DeploymentStatusBody, ct)).Outcome;
    }

    /// <summary>The deployment on GitHub: the one we know, one that an attempt made without hearing of it, or a new one.</summary>
    private async Task<(long? Number, SendOutcome Outcome)> NumberAsync(Target target, string commit, CancellationToken ct)
    {
        var id = target.Deployment.Id;
        if (await store.GetAsync(Known, id, GitHubJson.Default.GitHubDeploymentId, ct) is { } known)
        {
            return (known.Value.Id, SendOutcome.Sent);
        }

        var found = await github.GetAsync(target.Repository, $"deployments?sha={commit}&environment={Uri.EscapeDataString(target.Project.Environment)}", target.Token, ct);
        if (found.Outcome.Error is not null)
        {
            return (null, found.Outcome);
        }

        var made = JsonSerializer.Deserialize(found.Body, GitHubJson.Default.GitHubDeploymentArray)!.FirstOrDefault(d => Names(d, id));
        if (made is null)
        {
            var body = new DeploymentBody(commit, target.Project.Environment, $"VPS Pilot deploys {target.Project.Id}", AutoMerge: false, [], new DeploymentPayload(id));
            var posted = await github.PostAsync(target.Repository, "deployments", target.Token, body, GitHubJson.Default.DeploymentBody, ct);
            if (posted.Outcome.Error is not null)
            {
                return (null, posted.Outcome);
            }

            made = JsonSerializer.Deserialize(posted.Body, GitHubJson.Default.GitHubDeployment)!;
        }

        await store.UpsertAsync(Known, id, new GitHubDeploymentId(made.Id), GitHubJson.Default.GitHubDeploymentId, ct);
        return (made.Id, SendOutcome.Sent);
    }

    private static bool Names(GitHubDeployment deployment, string id) =>
        deployment.Payload is { ValueKind: JsonValueKind.Object } payload && payload.TryGetProperty("vpspilot", out var ours) && ours.ValueKind == JsonValueKind.String && ours.GetString() == id;

    private async Task<Target?> FindAsync(string deploymentId, CancellationToken ct) =>
        await deployments.GetAsync(deploymentId, ct) is { } deployment
        && await projects.GetAsync(deployment.ProjectId, ct) is { Provider: "github" } project
        && GitHubRepository.Of(project.Repository) is { } repository
        && await tokens.FindAsync(project.Id, ct) is { } token
            ? new(deployment, project, repository, token)
            : null;

    private static string StateOf(DeploymentStatus status) => status switch
    {
        DeploymentStatus.Succeeded => "success",
        DeploymentStatus.Failed or DeploymentStatus.RolledBack => "failure",
        DeploymentStatus.Canceled or DeploymentStatus.Superseded => "inactive",
        _ => "in_progress",
    };

    private static string Describe(Deployment deployment)
    {
        var text = deployment.Summary ?? $"The deployment is {deployment.Status.Name()}.";
        return text.Length <= MaxDescription ? text : text[..(MaxDescription - 1)] + "…";
    }

    private sealed record Target(Deployment Deployment, Project Project, GitHubRepository Repository, string Token);
}
