using VpsPilot.Functions.Secrets;

namespace VpsPilot.Functions.Notices.GitHub;

/// <summary>The tokens with which projects report to GitHub, in the secret store.</summary>
internal sealed class StatusTokens(ISecretStore secrets)
{
    private const string Name = "TOKEN";

    public Task SetAsync(string project, string token, string by, CancellationToken ct) => secrets.SetAsync(Place(project), token, by, ct);

    /// <summary>Null when the project has none.</summary>
    public Task<string?> FindAsync(string project, CancellationToken ct) => secrets.ReadNewestAsync(Place(project), ct);

    /// <summary>False when there was none.</summary>
    public async Task<bool> DeleteAsync(string project, CancellationToken ct) => await secrets.DeleteAsync(Place(project), purge: false, ct) != SecretDeletion.NotFound;

    /// <summary>No project can have this name.</summary>
    public static string Scope(string project) => "~status-" + project;

    private static SecretPlace Place(string project) => new(Scope(project), SecretScope.Project, Name);
}
