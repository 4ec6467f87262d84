using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Deployments.Following;
using VpsPilot.Cli.Git;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Deployments;

/// <summary><c>vpspilot deploy</c></summary>
internal static class DeployCommand
{
    public static Command Create()
    {
        var commit = new Option<string?>("--commit") { Description = "Commit to deploy: a full id, or what the git repository here knows: HEAD, a tag, a short id", HelpName = "REV" };
        var branch = new Option<string?>("--branch") { Description = "Branch whose newest commit to deploy; default: the project's", HelpName = "NAME" };
        var follow = FollowOption();
        return Actions.Command("deploy", "Deploy what is pushed.", commit, branch, follow).CallsProject(async (session, api, project, ct) =>
        {
            var id = await CommitAsync(session.Get(commit), ct);
            if (id.Complaint is { } complaint)
            {
                return session.Output.Fail(complaint);
            }

            var wish = new NewDeployment(id.Value is { Length: > 0 } full ? full : null, session.Get(branch));
            var started = await api.PostAsync(Route.To($"api/projects/{project}/deployments"), wish, ApiJson.Default.NewDeployment, ApiJson.Default.DeploymentView, ct);
            return await TellAsync(session, api, started, session.Get(follow), ct);
        });
    }

    public static Option<bool> FollowOption() => new("--follow", "-f") { Description = "Show its progress until it has ended; the exit code then says how" };

    /// <summary>Says that a deployment was started, and follows it when that is asked for.</summary>
    public static async Task<int> TellAsync(Session session, ApiClient api, Answer<DeploymentView> started, bool follow, CancellationToken ct)
    {
        if (started.Value is { } deployment && follow)
        {
            session.Output.Remark($"Deployment {deployment.Id} of {deployment.ProjectId}.");
            return await Follower.FollowAsync(session, api, deployment.Id, ct);
        }

        return session.Output.Show(started, d =>
        {
            session.Output.Line($"Deployment {d.Id} of {d.ProjectId} is {d.Status}.");
            session.Output.Remark($"Follow it with: vpspilot deployments {d.Id} --follow");
        });
    }

    /// <summary>The full id of a commit, which the control plane wants; empty for none. What this repository does not know may still be one.</summary>
    private static async Task<Answer<string>> CommitAsync(string? revision, CancellationToken ct)
    {
        if (revision is null)
        {
            return "";
        }

        if (revision.Length is 40 or 64 && revision.All(char.IsAsciiHexDigitLower))
        {
            return revision;
        }

        return await new GitRepository(Directory.GetCurrentDirectory()).CommitAsync(revision, ct) is { } id
            ? id
            : Complaint.Usage($"The git repository here knows no commit '{revision}'.", "Give the full id of the commit.");
    }
}
