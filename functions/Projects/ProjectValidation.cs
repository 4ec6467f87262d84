using System.Text;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Webhooks;
using VpsPilot.Functions.Webhooks.Providers;

namespace VpsPilot.Functions.Projects;

/// <summary>Checks a project before it is stored; lists every mistake.</summary>
internal sealed class ProjectValidation(NodeStore nodes)
{
    private const int MaxPatterns = 50;

    /// <summary>Less than half of a document, since a deployment needs room for how it went as well.</summary>
    private const int MaxNodesBytes = 28 * 1024;

    private static readonly string[] Schemes = ["https://", "http://", "ssh://", "git://", "file:///"];

    /// <summary>The mistakes of what is given; what is null is not looked at.</summary>
    public async Task<IReadOnlyList<Problem>> CheckAsync(ProjectRequest request, CancellationToken ct)
    {
        var errors = new List<Problem>();
        if (request.Repository is { } repository && RepositoryMistake(repository) is { } mistake)
        {
            errors.Add(new("$.repository", mistake));
        }

        if (request.Branch is { } branch && !IsBranch(branch))
        {
            errors.Add(new("$.branch", "is not a branch name that git accepts."));
        }

        if (request.ConfigFile is { } configFile && ConfigFile.Mistake(configFile) is { } wrong)
        {
            errors.Add(new("$.configFile", wrong));
        }

        if (request.Provider is { } provider && !WebhookProviders.Names.Contains(provider, StringComparer.Ordinal))
        {
            errors.Add(new("$.provider", $"must be one of: {string.Join(", ", WebhookProviders.Names)}."));
        }

        if (request.Environment is { } environment && !Identifier.IsValid(environment))
        {
            errors.Add(new("$.environment", Identifier.Rule));
        }

        if (request.DeploymentOver(null) is { } overrides)
        {
            errors.AddRange(RolloutOverrides.Check(overrides));
        }

        errors.AddRange(PatternMistakes("$.branches", request.Branches));
        errors.AddRange(PatternMistakes("$.tags", request.Tags));
        errors.AddRange(PatternMistakes("$.paths", request.Paths));
        errors.AddRange(await NodeMistakesAsync(request.Nodes, ct));
        return errors;
    }

    /// <summary>The mistakes of a project that is to be made: also what is missing.</summary>
    public async Task<IReadOnlyList<Problem>> CheckNewAsync(ProjectRequest request, CancellationToken ct)
    {
        var errors = new List<Problem>();
        if (!Identifier.IsValid(request.Id))
        {
            errors.Add(new("$.id", Identifier.Rule));
        }
        else if (ReservedProjectIds.Contains(request.Id))
        {
            errors.Add(new("$.id", $"is a name that every node has for itself; so are: {ReservedProjectIds.All}."));
        }

        if (request.Repository is null)
        {
            errors.Add(new("$.repository", "is required."));
        }

        if (request.Nodes is null)
        {
            errors.Add(new("$.nodes", "is required: the ids of the nodes to deploy to."));
        }

        errors.AddRange(await CheckAsync(request, ct));
        return errors;
    }

    private static IEnumerable<Problem> PatternMistakes(string path, IReadOnlyList<string>? patterns) => patterns is null ? []
        : patterns.Count > MaxPatterns ? [new(path, $"must be at most {MaxPatterns} patterns.")]
        : patterns.Index().Where(p => Glob.Mistake(p.Item) is not null).Select(p => new Problem($"{path}[{p.Index}]", Glob.Mistake(p.Item)!));

    private static string? RepositoryMistake(string repository)
    {
        if (repository.Length is 0 or > 1000 || repository.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
        {
            return "must be 1 to 1000 characters without white space.";
        }

        if (Uri.TryCreate(repository, UriKind.Absolute, out var url) && url.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            return "must not contain a password; use a deploy key.";
        }

        var isScp = repository.IndexOf('@') > 0 && repository.IndexOf(':') > repository.IndexOf('@') && repository[0] != '-';
        return repository[0] == '/' || isScp || Schemes.Any(s => repository.StartsWith(s, StringComparison.Ordinal) && repository.Length > s.Length)
            ? null
            : "must be an https, http, ssh, git or file URL, user@host:path, or an absolute path on the node.";
    }

    /// <summary>The rules of git-check-ref-format(1) that matter for a branch.</summary>
    public static bool IsBranch(string branch) =>
        branch.Length is > 0 and <= 250 && branch[0] is not ('-' or '/' or '.') && branch[^1] is not ('/' or '.')
        && !branch.Any(c => char.IsControl(c) || " ~^:?*[\\".Contains(c, StringComparison.Ordinal))
        && !branch.Contains("..", StringComparison.Ordinal) && !branch.Contains("//", StringComparison.Ordinal) && !branch.Contains("@{", StringComparison.Ordinal)
        && !branch.EndsWith(".lock", StringComparison.Ordinal) && branch != "@";

    private async Task<IReadOnlyList<Problem>> NodeMistakesAsync(IReadOnlyList<string>? ids, CancellationToken ct)
    {
        if (ids is null)
        {
            return [];
        }

        if (ids.Count == 0)
        {
            return [new("$.nodes", "must name at least one node.")];
        }

        // A project and each of its deployments is one document that names them all.
        if (ids.Sum(id => Encoding.UTF8.GetByteCount(id ?? "") + 3) is var bytes && bytes > MaxNodesBytes)
        {
            return [new("$.nodes", $"names {ids.Count} nodes in {bytes} bytes; at most {MaxNodesBytes} fit into one project. Make several projects of the same repository.")];
        }

        var errors = new List<Problem>();
        for (var i = 0; i < ids.Count; i++)
        {
            if (ids.Take(i).Contains(ids[i], StringComparer.Ordinal))
            {
                errors.Add(new($"$.nodes[{i}]", $"names '{ids[i]}' a second time."));
            }
            else if (await nodes.GetAsync(ids[i], ct) is null)
            {
                errors.Add(new($"$.nodes[{i}]", $"there is no node '{ids[i]}'."));
            }
        }

        return errors;
    }
}
