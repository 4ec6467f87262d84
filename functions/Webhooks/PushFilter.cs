using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Webhooks;

/// <summary>Which pushes a project deploys.</summary>
internal static class PushFilter
{
    private const string SkipMark = "[skip deploy]";

    /// <summary>Why a push deploys nothing; null when it does.</summary>
    /// <param name="push">The push.</param>
    /// <param name="project">The project.</param>
    /// <param name="isAsked">It is an explicit wish to deploy, not merely a push.</param>
    public static string? Reason(Push push, Project project, bool isAsked)
    {
        if (RefReason(push, project) is { } reason)
        {
            return reason;
        }

        if (!project.AutoDeploy && !isAsked)
        {
            return "the project does not deploy on a push";
        }

        if (push.Message?.Contains(SkipMark, StringComparison.OrdinalIgnoreCase) == true)
        {
            return $"the commit's message says {SkipMark}";
        }

        return project.Paths is { Count: > 0 } patterns && push.ReadPaths?.Invoke() is { } paths && !paths.Any(p => Glob.IsSelected(patterns, p))
            ? "no path that the project deploys for was changed"
            : null;
    }

    private static string? RefReason(Push push, Project project)
    {
        if (push.Reference.StartsWith(Push.Branches, StringComparison.Ordinal))
        {
            var branches = project.Branches ?? [project.Branch];
            return push.IsDeleted ? "the branch was deleted"
                : Glob.IsSelected(branches, push.Branch) ? null
                : $"the project deploys the branch{(branches.Count == 1 ? "" : "es")} {Names(branches)}";
        }

        if (project.Tags is not { Count: > 0 } tags || !push.Reference.StartsWith(Push.Tags, StringComparison.Ordinal))
        {
            return $"'{push.Reference}' is not a branch";
        }

        return push.IsDeleted ? "the tag was deleted"
            : Glob.IsSelected(tags, push.Reference[Push.Tags.Length..]) ? null
            : $"the project deploys the tags {Names(tags)}";
    }

    private static string Names(IReadOnlyList<string> patterns) => string.Join(", ", patterns.Select(p => $"'{p}'"));

    /// <summary>What a delivery must have to be deployed; null when it has all of it.</summary>
    public static string? Mistake(Push push) => !CommitId.IsFull(push.Commit) ? "The push has no full id of the commit after it."
        : !ProjectValidation.IsBranch(push.Branch) ? $"'{push.Branch}' is not a name that git accepts."
        : null;
}
