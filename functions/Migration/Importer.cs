using System.Text;
using System.Text.Json;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Migration.Archives;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Nodes.Moving;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Secrets;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Migration;

/// <summary>Stores an archive that was checked. Everything is written under its own key, so an import that was interrupted may be made again.</summary>
internal sealed class Importer(IStateStore store, ISecretStore secrets, ILogStore logs, ProjectStore projects, TimeProvider time)
{
    private const int AtOnce = 32;

    /// <summary>How long a node may take to come.</summary>
    private static readonly TimeSpan Leave = TimeSpan.FromDays(30);

    /// <summary>Whether the archive may be stored here without being asked for: there is nothing yet, or only a part of this very archive.</summary>
    public async Task<bool> IsFreeForAsync(string archive, CancellationToken ct) =>
        await store.GetAsync(ImportMark.Partition, ImportMark.Key, MigrationJson.Default.ImportMark, ct) is { Value: { FinishedAt: null } mark } && mark.Archive == archive
        || ((await store.ListAsync(ProjectStore.Partition, "", 1, null, ct)).Items.Count == 0 && (await store.ListAsync(ArchivePartitions.Nodes, "", 1, null, ct)).Items.Count == 0);

    public async Task WriteAsync(IAsyncEnumerable<ArchiveRecord> records, ArchiveCheck check, CancellationToken ct)
    {
        var mark = new ImportMark(check.Archive, time.GetUtcNow(), null);
        await store.UpsertAsync(ImportMark.Partition, ImportMark.Key, mark, MigrationJson.Default.ImportMark, ct);
        var tokens = await store.ListAllAsync(ArchivePartitions.Tokens, "", AccessJson.Default.AccessToken, ct);
        var open = new List<Task>();
        await foreach (var record in records.WithCancellation(ct))
        {
            if (record is not (ArchivedDocument or ArchivedProject) || open.Count == AtOnce)
            {
                await Task.WhenAll(open);
                open.Clear();
            }

            switch (record)
            {
                case ArchivedDocument document:
                    open.Add(store.UpsertAsync(document.Partition, document.Key, Prepare(document, check, tokens), ct));
                    break;
                case ArchivedProject project:
                    open.Add(projects.RestoreAsync(JsonSerializer.Deserialize(project.Json, ProjectsJson.Default.Project)!, project.WebhookSecrets, ct));
                    break;
                case ArchivedSecret secret:
                    await secrets.RestoreAsync(secret.Owner, secret.Info, secret.Value, ct);
                    break;
                case ArchivedLog log:
                    await AppendAsync(log, ct);
                    break;
            }
        }

        await Task.WhenAll(open);
        await store.UpsertAsync(ImportMark.Partition, ImportMark.Key, mark with { FinishedAt = time.GetUtcNow() }, MigrationJson.Default.ImportMark, ct);
    }

    private byte[] Prepare(ArchivedDocument document, ArchiveCheck check, IReadOnlyList<Versioned<AccessToken>> tokens) => document.Partition switch
    {
        ArchivePartitions.Nodes => Prepare(JsonSerializer.Deserialize(document.Json, NodesJson.Default.Node)!, check.Archive),
        ArchivePartitions.Tokens => Prepare(document.Key, JsonSerializer.Deserialize(document.Json, AccessJson.Default.AccessToken)!, tokens),
        _ when document.Partition.StartsWith(ArchivePartitions.SecretUses, StringComparison.Ordinal) => Prepare(document.Partition[ArchivePartitions.SecretUses.Length..], JsonSerializer.Deserialize(document.Json, SecretsJson.Default.SecretUse)!, check),
        _ => Encoding.UTF8.GetBytes(document.Json),
    };

    /// <summary>A node gets leave to trade its keys for credentials here, by the command with which the other control plane sends it. Its install command is worth nothing here.</summary>
    private byte[] Prepare(Node node, string archive) => JsonSerializer.SerializeToUtf8Bytes(
        node with
        {
            EnrollmentHash = null,
            EnrollmentExpiresAt = null,
            Move = null,
            Renewal = node.EnrolledAt is null ? null : new Renewal(Moves.CommandOf(archive, node.Id), time.GetUtcNow() + Leave),
        },
        NodesJson.Default.Node);

    /// <summary>Ids of tokens are asked for by people: no two tokens have the same.</summary>
    private byte[] Prepare(string hash, AccessToken token, IReadOnlyList<Versioned<AccessToken>> present) => JsonSerializer.SerializeToUtf8Bytes(
        present.Any(t => t.Value.Id == token.Id && t.Key != hash) ? token with { Id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N") } : token,
        AccessJson.Default.AccessToken);

    /// <summary>A version that had been deleted must not be taken for a later one that gets its number here.</summary>
    private static byte[] Prepare(string project, SecretUse use, ArchiveCheck check) =>
        JsonSerializer.SerializeToUtf8Bytes(use with { Secrets = [.. use.Secrets.Where(s => check.Has(project, s))] }, SecretsJson.Default.SecretUse);

    /// <summary>Appends a piece, or what of it is not there yet. A log that is longer here is the one that went on.</summary>
    private async Task AppendAsync(ArchivedLog log, CancellationToken ct)
    {
        var skip = await logs.LengthAsync(log.Name, ct) - log.Offset;
        if (skip >= 0 && skip < log.Bytes.Length)
        {
            await logs.AppendAsync(log.Name, log.Offset + skip, log.Bytes.AsMemory((int)skip), ct);
        }
    }
}
