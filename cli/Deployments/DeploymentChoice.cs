using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Git;
using VpsPilot.Cli.Output;
using VpsPilot.Cli.Projects;

namespace VpsPilot.Cli.Deployments;

/// <summary>Which deployment a command is about: one that is named, or the newest of the project that fits.</summary>
internal static class DeploymentChoice
{
    /// <summary>As many are looked at for one that fits.</summary>
    private const int Newest = 50;

    public static Argument<string?> Argument(string description) => new("deployment") { Description = description, Arity = ArgumentArity.ZeroOrOne };

    /// <summary>The id that was given, else of the project's newest deployment that fits.</summary>
    /// <param name="api">The server.</param>
    /// <param name="given">The id that was given.</param>
    /// <param name="project">The project that was given.</param>
    /// <param name="fits">Which ones are meant.</param>
    /// <param name="what">What such a one is called, after "deployment".</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<Answer<string>> ChooseAsync(ApiClient api, string? given, string? project, Func<DeploymentView, bool> fits, string what, CancellationToken ct)
    {
        if (given is not null)
        {
            return given;
        }

        var chosen = await ProjectChoice.ChooseAsync(project, api, new GitRepository(Directory.GetCurrentDirectory()), ct);
        if (chosen.Value is not { } id)
        {
            return chosen;
        }

        var list = await api.ListAsync(Route.To($"api/projects/{id}/deployments"), ApiJson.Default.DeploymentView, ct, Newest);
        return list.Value is not { } newest ? list.Complaint!
            : newest.FirstOrDefault(fits) is { } found ? found.Id
            : new Complaint(ExitCode.NotFound, "deployment-not-found", $"{id} has no deployment {what}.") { Hint = $"See what there is with: vpspilot deployments -p {id}" };
    }
}
