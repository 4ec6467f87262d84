using System.Security.Cryptography;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Secrets;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Projects;

/// <summary>The projects.</summary>
internal sealed class ProjectStore(IStateStore store, SecretCipher cipher, TimeProvider time) : IEncryptedValues
{
    private const string Partition = "project";

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

    /// <summary>A page of all projects, or of those that are named in <paramref name="only"/>.</summary>
    public async Task<VersionedPage<Project>> ListAsync(Paging paging, IReadOnlyList<string>? only, CancellationToken ct)
    {
        if (only is null)
        {
            return await store.ListAsync(Partition, "", paging.Limit, paging.Continuation, ProjectsJson.Default.Project, ct);
        }

        var rest = only.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Where(id => string.CompareOrdinal(id, paging.Continuation) > 0).ToList();
        var found = new List<Versioned<Project>>();
        foreach (var id in rest.Take(paging.Limit))
        {
            if (await FindAsync(id, ct) is { } project)
            {
                found.Add(project);
            }
        }

        return new(found, rest.Count > paging.Limit ? rest[paging.Limit - 1] : null);
    }

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
    public (string Text, EncryptedValue Stored) NewWebhookSecret(string id)
    {
        var text = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        return (text, cipher.Encrypt(Place(id), text));
    }

    /// <summary>The secrets that count now, the newest first.</summary>
    public IEnumerable<string> WebhookSecretsOf(Project project)
    {
        yield return cipher.Decrypt(Place(project.Id), project.WebhookSecret);
        if (project.PreviousWebhookSecret is { } previous && project.PreviousWebhookSecretUntil > time.GetUtcNow())
        {
            yield return cipher.Decrypt(Place(project.Id), previous);
        }
    }

    public async Task<IReadOnlyList<string>> IdsAsync(CancellationToken ct) =>
        [.. (await store.ListAllAsync(Partition, "", ProjectsJson.Default.Project, ct)).Select(p => p.Key)];

    public async Task<int> ReencryptAsync(string project, CancellationToken ct)
    {
        if (await GetAsync(project, ct) is not { } stored || (cipher.IsCurrent(stored.WebhookSecret) && (stored.PreviousWebhookSecret is null || cipher.IsCurrent(stored.PreviousWebhookSecret))))
        {
            return 0;
        }

        await UpdateAsync(project, p => p with
        {
            WebhookSecret = cipher.Reencrypt(Place(project), p.WebhookSecret),
            PreviousWebhookSecret = p.PreviousWebhookSecret is { } previous ? cipher.Reencrypt(Place(project), previous) : null,
        }, ct);
        return 1;
    }

    private static string Place(string id) => id + "\nwebhook";
}
