using VpsPilot.Functions.Secrets;

namespace VpsPilot.Functions.Notices.GitHub;

/// <summary>The tokens with which projects report to GitHub, in the secret store.</summary>
internal sealed class StatusTokens(ISecretStore secrets)
{
    private const string Name = "TOKEN";

    public Task SetAsync(string project, string token, string by, CancellationToken ct) => secrets.SetAsync(Scope(project), Name, token, by, ct);

    /// <summary>Null when the project has none.</summary>
    public async Task<string?> FindAsync(string project, CancellationToken ct) => (await secrets.ReadAllAsync(Scope(project), ct)).GetValueOrDefault(Name);

    /// <summary>False when there was none.</summary>
    public Task<bool> DeleteAsync(string project, CancellationToken ct) => secrets.DeleteAsync(Scope(project), Name, ct);

    /// <summary>No project can have this name.</summary>
    private static string Scope(string project) => "~status-" + project;
}
