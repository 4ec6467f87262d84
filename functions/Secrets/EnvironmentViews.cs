namespace VpsPilot.Functions.Secrets;

/// <summary>Body of <c>PUT /api/projects/{id}/env/{name}</c>.</summary>
internal sealed record SetSecretRequest(string? Value);

/// <summary>A secret, or one version of it, as the API shows it: never its value.</summary>
/// <param name="Name">Name of the placeholder.</param>
/// <param name="Version">Counts up with every change.</param>
/// <param name="UpdatedAt">When it was set.</param>
/// <param name="UpdatedBy">Name of the token that set it.</param>
/// <param name="Scope"><c>project</c>, <c>environment:NAME</c> or <c>node:ID</c>; the most specific one that reaches a node wins there.</param>
internal sealed record SecretView(string Name, int Version, DateTimeOffset UpdatedAt, string UpdatedBy, string Scope)
{
    public static SecretView Of(SecretInfo info) => new(info.Name, info.Version, info.UpdatedAt, info.UpdatedBy, info.Scope);
}

/// <summary>Answer to <c>PUT /api/projects/{id}/env/{name}?restart=true</c>.</summary>
/// <param name="Secret">The new version.</param>
/// <param name="Restart">Id of the operation that restarts the project with it.</param>
internal sealed record SetSecretAnswer(SecretView Secret, string Restart);
