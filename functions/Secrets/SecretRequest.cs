using Microsoft.AspNetCore.Http;
using VpsPilot.Contracts;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Secrets;

/// <summary>Reads which secret a request is about: its name, and <c>?environment=</c> or <c>?node=</c>.</summary>
internal static class SecretRequest
{
    /// <summary>The place; null with the mistakes.</summary>
    public static (SecretPlace? Place, List<Problem> Errors) PlaceOf(HttpRequest request, Project project, string name)
    {
        var errors = new List<Problem>();
        if (!IsName(name))
        {
            errors.Add(new("name", "must be letters, digits and underscores, not starting with a digit, at most 128."));
        }

        var environment = request.Query["environment"].FirstOrDefault();
        var node = request.Query["node"].FirstOrDefault();
        if (environment is not null && node is not null)
        {
            errors.Add(new("environment", "cannot be given together with node."));
        }

        if (environment is not null && !Identifier.IsValid(environment))
        {
            errors.Add(new("environment", Identifier.Rule));
        }

        if (node is not null && !project.Nodes.Contains(node, StringComparer.Ordinal))
        {
            errors.Add(new("node", $"is not a node of the project; those are: {string.Join(", ", project.Nodes)}."));
        }

        var scope = environment is not null ? SecretScope.Environment(environment) : node is not null ? SecretScope.Node(node) : SecretScope.Project;
        return (errors.Count == 0 ? new SecretPlace(project.Id, scope, name) : null, errors);
    }

    /// <summary>True for <c>?flag=true</c>.</summary>
    public static bool Asks(HttpRequest request, string flag) => string.Equals(request.Query[flag].FirstOrDefault(), "true", StringComparison.OrdinalIgnoreCase);

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 128 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
