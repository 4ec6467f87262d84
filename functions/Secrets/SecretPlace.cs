namespace VpsPilot.Functions.Secrets;

/// <summary>How far a value reaches. A later kind wins over an earlier one.</summary>
internal enum SecretScopeKind
{
    Project,
    Environment,
    Node,
}

/// <summary>Where a value holds: in the whole project, in one environment of it (such as <c>staging</c>), or on one node.</summary>
/// <param name="Kind">How far it reaches.</param>
/// <param name="Name">Name of the environment, or id of the node; null for the whole project.</param>
internal sealed record SecretScope(SecretScopeKind Kind, string? Name)
{
    public static readonly SecretScope Project = new(SecretScopeKind.Project, null);

    /// <summary><c>project</c>, <c>environment:NAME</c> or <c>node:ID</c>.</summary>
    public string Key => Kind switch
    {
        SecretScopeKind.Environment => "environment:" + Name,
        SecretScopeKind.Node => "node:" + Name,
        _ => "project",
    };

    public static SecretScope Environment(string name) => new(SecretScopeKind.Environment, name);

    public static SecretScope Node(string id) => new(SecretScopeKind.Node, id);

    /// <summary>Reads what <see cref="Key"/> wrote; null for anything else.</summary>
    public static SecretScope? Parse(string key) => key.Split(':') switch
    {
        ["project"] => Project,
        ["environment", { Length: > 0 } name] => Environment(name),
        ["node", { Length: > 0 } id] => Node(id),
        _ => null,
    };

    /// <summary>Does it reach a project that is deployed in this environment to this node?</summary>
    public bool Reaches(string environment, string node) => Kind switch
    {
        SecretScopeKind.Environment => Name == environment,
        SecretScopeKind.Node => Name == node,
        _ => true,
    };
}

/// <summary>One secret: all its versions are values of the same place.</summary>
internal sealed record SecretPlace(string Project, SecretScope Scope, string Name)
{
    /// <summary>What an encrypted version is bound to, so that it can be moved nowhere else.</summary>
    public string Bound(int version) => $"{Project}\n{Scope.Key}\n{Name}\n{version}";
}
