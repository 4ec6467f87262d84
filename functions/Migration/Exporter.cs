using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Migration.Archives;
using VpsPilot.Functions.Operations;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Secrets;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Migration;

/// <summary>Reads what moves to another control plane: projects, nodes, tokens, history, secrets by value, and logs.</summary>
internal sealed class Exporter(IStateStore store, ISecretStore secrets, ILogStore logs, ProjectStore projects, SecretOwners owners, TimeProvider time)
{
    private const int PageSize = 500;
    private const int PieceOfLog = 128 * 1024;

    /// <summary>A project is written without what is encrypted under this control plane's key.</summary>
    private static readonly EncryptedValue Blank = new([], []);

    /// <param name="archive">Id of the archive.</param>
    /// <param name="withLogs">Logs too, which are most of it.</param>
    /// <param name="ct">Cancels the reading.</param>
    public async IAsyncEnumerable<ArchiveRecord> ReadAsync(string archive, bool withLogs, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return new ArchiveHead(ArchiveHead.CurrentFormat, archive, ControlPlaneVersion.Current, time.GetUtcNow());
        var written = new List<string>();
        await foreach (var document in DocumentsAsync(ct))
        {
            written.AddRange(LogsOf(document));
            if (document.Partition == ProjectStore.Partition)
            {
                yield return await ProjectAsync(document, ct);
            }
            else if (ArchivePartitions.IsDocument(document.Partition))
            {
                yield return new ArchivedDocument(document.Partition, document.Key, Encoding.UTF8.GetString(document.Json.Span));
            }
        }

        await foreach (var secret in SecretsAsync(ct))
        {
            yield return secret;
        }

        foreach (var name in withLogs ? written : [])
        {
            await foreach (var piece in LogAsync(name, ct))
            {
                yield return piece;
            }
        }
    }

    private async IAsyncEnumerable<ScannedDocument> DocumentsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        string? continuation = null;
        do
        {
            var page = await store.ScanAsync(PageSize, continuation, ct);
            foreach (var document in page.Items)
            {
                yield return document;
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    /// <summary>Names of the logs that a deployment or an operation may have.</summary>
    private static IEnumerable<string> LogsOf(ScannedDocument document)
    {
        var nodes = document switch
        {
            { Key: DeploymentStore.Row } when document.Partition.StartsWith(ArchivePartitions.Deployments, StringComparison.Ordinal) => JsonSerializer.Deserialize(document.Json.Span, DeploymentsJson.Default.Deployment)!.Nodes,
            { Key: OperationStore.Row } when document.Partition.StartsWith(ArchivePartitions.Operations, StringComparison.Ordinal) => JsonSerializer.Deserialize(document.Json.Span, OperationsJson.Default.Operation)!.Nodes,
            _ => [],
        };
        return nodes.Select(node => $"{document.Partition[(document.Partition.IndexOf(':') + 1)..]}/{node}");
    }

    private async Task<ArchivedProject> ProjectAsync(ScannedDocument document, CancellationToken ct)
    {
        var project = JsonSerializer.Deserialize(document.Json.Span, ProjectsJson.Default.Project)!;
        var webhook = await projects.WebhookSecretsAsync(project, ct);
        var bare = project with { WebhookSecret = Blank, PreviousWebhookSecret = null, PreviousWebhookSecretUntil = webhook.Count > 1 ? project.PreviousWebhookSecretUntil : null };
        return new(JsonSerializer.Serialize(bare, ProjectsJson.Default.Project), webhook);
    }

    private async IAsyncEnumerable<ArchivedSecret> SecretsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var owner in await owners.AllAsync(ct))
        {
            foreach (var newest in await secrets.ListAsync(owner, ct))
            {
                var place = newest.PlaceIn(owner);
                foreach (var info in (await secrets.VersionsAsync(place, ct)).Reverse())
                {
                    // One that is deleted meanwhile is gone.
                    if (await secrets.ReadAsync(place, info.Version, ct) is { } value)
                    {
                        yield return new(owner, info, value);
                    }
                }
            }
        }
    }

    private async IAsyncEnumerable<ArchivedLog> LogAsync(string name, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var log = await logs.OpenReadAsync(name, 0, ct);
        var buffer = new byte[PieceOfLog];
        var offset = 0L;
        while (await log.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct) is var read and > 0)
        {
            yield return new(name, offset, buffer[..read]);
            offset += read;
        }
    }
}
