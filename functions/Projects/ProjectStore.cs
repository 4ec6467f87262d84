using System.Security.Cryptography;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Secrets;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Projects;

/// <summary>The projects.</summary>
internal sealed class ProjectStore(IStateStore store, SecretCipher cipher, TimeProvider time) : IEncryptedValues
{
    public const string Partition = "project";

    public async Task<Project?> GetAsync(string id, CancellationToken ct) =>
        Identifier.IsValid(id) ? (await store.GetAsync(Partition, id, ProjectsJson.Default.Project, ct))?.Value : null;

    public async Task<Versioned<Project>?> FindAsync(string id, CancellationToken ct) =>
        Identifier.IsValid(id) ? await store.GetAsync(Partition, id, ProjectsJson.Default.Project, ct) : null;

    /// <summary>Changes a project whose version is an expected one. Null for <c>Before</c>: there is none; null for <c>After</c>: the version was another.</summary>
    public async Task<(Versioned<Project>? Before, Versioned<Project>? After)> ChangeAsync(string id, Func<string, bool> isExpected, Func<Project, Project> change, CancellationToken ct)
    {
        while (true)
        {
            if (await FindAsync(id, ct) is not { } current)
            {
                return default;
            }

            if (!isExpected(current.ETag))
            {
                return (current, null);
            }

            var changed = change(current.Value);
            if (await store.ReplaceAsync(Partition, id, changed, current.ETag, ProjectsJson.Default.Project, ct) is { } etag)
            {
                return (current, new(id, changed, etag));
            }
        }
    }

    public Task<VersionedPage<Project>> ListAsync(Paging paging, CancellationToken ct) =>
        store.ListAsync(Partition, "", paging.Limit, paging.Continuation, ProjectsJson.Default.Project, ct);

    /// <summary>Every project that names the node.</summary>
    public async Task<IReadOnlyList<string>> OnNodeAsync(string node, CancellationToken ct) =>
        [.. (await store.ListAllAsync(Partition, "", ProjectsJson.Default.Project, ct)).Where(p => p.Value.Nodes.Contains(node, StringComparer.Ordinal)).Select(p => p.Key)];

    /// <summary>False when the id is taken.</summary>
    public async Task<bool> InsertAsync(Project project, CancellationToken ct) =>
        await store.InsertAsync(Partition, project.Id, project, ProjectsJson.Default.Project, ct) is not null;

    /// <summary>The changed project; null when there is none.</summary>
    public Task<Project?> UpdateAsync(string id, Func<Project, Project> change, CancellationToken ct) =>
        store.UpdateAsync(Partition, id, current => current is null ? null : change(current), ProjectsJson.Default.Project, ct);

    public Task<bool> DeleteAsync(string id, CancellationToken ct) => store.DeleteAsync(Partition, id, null, ct);

    /// <summary>A new webhook secret: as text, to be shown once, and as it is stored.</summary>
    public async Task<(string Text, EncryptedValue Stored)> NewWebhookSecretAsync(string id, CancellationToken ct)
    {
        var text = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        return (text, await cipher.EncryptAsync(Place(id), text, ct));
    }

    /// <summary>The secrets that count now, the newest first.</summary>
    public async Task<IReadOnlyList<string>> WebhookSecretsAsync(Project project, CancellationToken ct)
    {
        var newest = await cipher.DecryptAsync(Place(project.Id), project.WebhookSecret, ct);
        return project.PreviousWebhookSecret is { } previous && project.PreviousWebhookSecretUntil > time.GetUtcNow()
            ? [newest, await cipher.DecryptAsync(Place(project.Id), previous, ct)]
            : [newest];
    }

    /// <summary>Stores a project as another control plane had it, with its webhook secrets: one or two, the newest first.</summary>
    public async Task RestoreAsync(Project project, IReadOnlyList<string> webhookSecrets, CancellationToken ct)
    {
        var restored = project with
        {
            WebhookSecret = await cipher.EncryptAsync(Place(project.Id), webhookSecrets[0], ct),
            PreviousWebhookSecret = webhookSecrets.Count > 1 ? await cipher.EncryptAsync(Place(project.Id), webhookSecrets[1], ct) : null,
        };
        await store.UpsertAsync(Partition, project.Id, restored, ProjectsJson.Default.Project, ct);
    }

    public async Task<IReadOnlyList<string>> IdsAsync(CancellationToken ct) =>
        [.. (await store.ListAllAsync(Partition, "", ProjectsJson.Default.Project, ct)).Select(p => p.Key)];

    public async Task<int> ReencryptAsync(string project, CancellationToken ct)
    {
        if (await FindAsync(project, ct) is not { Value: var stored } found
            || (await cipher.IsCurrentAsync(stored.WebhookSecret, ct) && (stored.PreviousWebhookSecret is null || await cipher.IsCurrentAsync(stored.PreviousWebhookSecret, ct))))
        {
            return 0;
        }

        var anew = stored with
        {
            WebhookSecret = await cipher.ReencryptAsync(Place(project), stored.WebhookSecret, ct),
            PreviousWebhookSecret = stored.PreviousWebhookSecret is { } previous ? await cipher.ReencryptAsync(Place(project), previous, ct) : null,
        };

        // Where another writer was faster, the next round looks again.
        await store.ReplaceAsync(Partition, project, anew, found.ETag, ProjectsJson.Default.Project, ct);
        return 1;
    }

    private static string Place(string id) => id + "\nwebhook";
}
