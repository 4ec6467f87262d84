using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Migration.Archives;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Secrets;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Migration;

/// <summary>Reads a whole archive before anything of it is stored.</summary>
internal sealed class ArchiveCheck
{
    private readonly HashSet<string> versions = new(StringComparer.Ordinal);
    private readonly List<string> nodes = [];
    private readonly HashSet<string> logs = new(StringComparer.Ordinal);
    private int documents;
    private int projects;

    private ArchiveCheck()
    {
    }

    /// <summary>Id of the archive.</summary>
    public string Archive { get; private set; } = "";

    /// <summary>What there is, in numbers.</summary>
    public ArchiveContent Content => new(projects, nodes.Count, documents, versions.Count, logs.Count);

    /// <summary>Ids of the nodes that can be told to come.</summary>
    public IReadOnlyList<string> Nodes => nodes;

    /// <summary>Whether the archive has a value of that version.</summary>
    public bool Has(string owner, UsedSecret used) => versions.Contains(KeyOf(owner, used.Scope, used.Name, used.Version));

    /// <exception cref="ArchiveException">It cannot be used.</exception>
    public static async Task<ArchiveCheck> ReadAsync(IAsyncEnumerable<ArchiveRecord> records, CancellationToken ct)
    {
        var check = new ArchiveCheck();
        await foreach (var record in records.WithCancellation(ct))
        {
            try
            {
                check.Add(record);
            }
            catch (Exception e) when (e is JsonException or ArgumentException)
            {
                throw Unusable(e.Message, e);
            }
        }

        return check;
    }

    private void Add(ArchiveRecord record)
    {
        switch (record)
        {
            case ArchiveHead head:
                Archive = Guid.TryParseExact(head.Archive, "N", out _) ? head.Archive : throw Unusable("an id that is none");
                break;
            case ArchivedDocument document:
                Add(document);
                break;
            case ArchivedProject project:
                var id = Parse(project.Json, ProjectsJson.Default.Project).Id;
                projects += Identifier.IsValid(id) && project.WebhookSecrets.Count is 1 or 2 ? 1 : throw Unusable($"the project '{id}', which is incomplete");
                break;
            case ArchivedSecret secret:
                StateLimits.CheckKey(secret.Owner);
                versions.Add(KeyOf(secret.Owner, secret.Info.Scope, secret.Info.Name, secret.Info.Version));
                break;
            case ArchivedLog log:
                LogNames.Check(log.Name);
                logs.Add(log.Name);
                break;
            default:
                throw Unusable(record.GetType().Name);
        }
    }

    private void Add(ArchivedDocument document)
    {
        StateLimits.Check(document.Partition, document.Key, Encoding.UTF8.GetBytes(document.Json));
        if (!ArchivePartitions.IsDocument(document.Partition))
        {
            throw Unusable($"a document of the partition '{document.Partition}'");
        }

        documents++;
        switch (document.Partition)
        {
            case ArchivePartitions.Nodes when Parse(document.Json, NodesJson.Default.Node).EnrolledAt is not null:
                nodes.Add(document.Key);
                break;
            case ArchivePartitions.Tokens:
                _ = Parse(document.Json, AccessJson.Default.AccessToken);
                break;
            case var partition when partition.StartsWith(ArchivePartitions.SecretUses, StringComparison.Ordinal):
                _ = Parse(document.Json, SecretsJson.Default.SecretUse);
                break;
            default:
                JsonDocument.Parse(document.Json).Dispose();
                break;
        }
    }

    private static ArchiveException Unusable(string what, Exception? cause = null) => new($"The archive has something that cannot be stored: {what}", cause);

    private static T Parse<T>(string json, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json, type) ?? throw new JsonException("a document is null");

    private static string KeyOf(string owner, string scope, string name, int version) => $"{owner}\n{scope}\n{name}\n{version}";
}

/// <summary>What an archive has, in numbers.</summary>
/// <param name="Projects">Projects.</param>
/// <param name="Nodes">Nodes that are enrolled.</param>
/// <param name="Documents">Documents, nodes included.</param>
/// <param name="Secrets">Versions of secrets.</param>
/// <param name="Logs">Logs.</param>
internal sealed record ArchiveContent(int Projects, int Nodes, int Documents, int Secrets, int Logs);
