using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Completion;
using VpsPilot.Cli.Git;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Projects;

/// <summary>Which project a command is about.</summary>
internal static class ProjectChoice
{
    public static Option<string?> Option() => new Option<string?>("--project", "-p")
    {
        Description = "Project [VPSPILOT_PROJECT; default: the one whose repository this folder is in]",
        HelpName = "ID",
    }.CompletedBy("api/projects");

    /// <summary>The id that was given; else that of the project with the repository of one of the git remotes here.</summary>
    public static async Task<Answer<string>> ChooseAsync(string? given, ApiClient api, GitRepository repository, CancellationToken ct)
    {
        if ((given ?? Environment.GetEnvironmentVariable("VPSPILOT_PROJECT")) is { Length: > 0 } id)
        {
            return id;
        }

        var remotes = await repository.RemotesAsync(ct);
        if (remotes.Count == 0)
        {
            return Complaint.Usage("Which project? This folder is in no git repository with a remote.", "Name it with --project; see what there is with: vpspilot projects list");
        }

        var projects = await api.ListAsync("api/projects", ApiJson.Default.ProjectView, ct);
        if (projects.Value is not { } all)
        {
            return projects.Complaint!;
        }

        var found = all.Where(p => remotes.Any(r => RepositoryAddress.AreSame(r, p.Repository))).ToList();
        found = found.Count > 1 ? Nearest(found, await repository.PrefixAsync(ct) ?? "") : found;
        return found switch
        {
            [var only] => only.Id,
            [] => new Complaint(ExitCode.NotFound, "project-not-found", $"No project has the repository {remotes[0]}.") { Hint = "Make it with: vpspilot projects create ID --node NODE" },
            _ => Complaint.Usage($"{found.Count} projects have this repository: {string.Join(", ", found.Select(p => p.Id))}.", "Name one with --project."),
        };
    }

    /// <summary>Of several projects in a repository, those whose config is in the nearest folder at or above this one.</summary>
    private static List<ProjectView> Nearest(List<ProjectView> projects, string prefix)
    {
        var near = projects.Where(p => prefix.StartsWith(Folder(p), StringComparison.Ordinal)).ToList();
        return near.Count == 0 ? projects : [.. near.Where(p => Folder(p).Length == near.Max(n => Folder(n).Length))];
    }

    private static string Folder(ProjectView project) => project.ConfigFile is { } file && file.Contains('/') ? file[..(file.LastIndexOf('/') + 1)] : "";
}
