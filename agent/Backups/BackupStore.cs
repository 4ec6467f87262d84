using System.Text;
using System.Text.Json;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Backups;

/// <summary>The archives of projects: under <c>backups/ID</c> each has its file, its checksum as <c>sha256sum</c> writes it, and what is known of it.</summary>
internal sealed class BackupStore(AgentPaths paths)
{
    private const string Ending = ".json";

    /// <summary>Archives of a project, the newest first. One whose file is gone is left out.</summary>
    public IReadOnlyList<Backup> List(string projectId) => !Directory.Exists(paths.BackupsOf(projectId)) ? [] :
    [
        .. Directory.EnumerateFiles(paths.BackupsOf(projectId), "*" + Ending).Select(Read).OfType<Backup>().Where(b => File.Exists(FileOf(b)))
            .OrderByDescending(b => b.CreatedAt).ThenByDescending(b => b.Id, StringComparer.Ordinal),
    ];

    /// <summary>As the control plane gets them.</summary>
    public IReadOnlyList<BackupArchive> Describe(string projectId) => [.. List(projectId).Select(b => b.ToArchive())];

    public Backup? Find(string projectId, string id) => List(projectId).FirstOrDefault(b => b.Id == id);

    /// <summary>What an emergency goes back to; null when there is nothing.</summary>
    public Backup? Last(string projectId) => List(projectId).FirstOrDefault(b => !b.IsAside);

    public string FileOf(Backup backup) => Path.Combine(paths.BackupsOf(backup.ProjectId), backup.File);

    /// <summary>Takes an archive that was written beside its place. Before the last of its files is there, it does not count.</summary>
    public void Add(Backup backup, string beside)
    {
        var file = FileOf(backup);
        File.Move(beside, file, overwrite: true);
        DurableFile.Write(file + ".sha256", Encoding.ASCII.GetBytes($"{backup.Sha256}  {backup.File}\n"));
        DurableFile.Write(ManifestOf(backup), JsonSerializer.SerializeToUtf8Bytes(backup, BackupsJson.Default.Backup));
    }

    /// <summary>Deletes archives beyond the newest ones to keep, and what an interrupted one left.</summary>
    public void Prune(string projectId, int keep)
    {
        var all = List(projectId);

        // The newest that an emergency can go back to stays, whatever was put aside since.
        var kept = all.Take(Math.Max(keep, 1)).Append(Last(projectId)).OfType<Backup>().Select(b => b.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var backup in all.Where(b => !kept.Contains(b.Id)))
        {
            File.Delete(ManifestOf(backup));
            File.Delete(FileOf(backup) + ".sha256");
            File.Delete(FileOf(backup));
        }

        var known = all.Select(b => b.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var left in Directory.Exists(paths.BackupsOf(projectId)) ? Directory.EnumerateFiles(paths.BackupsOf(projectId)).Where(f => !known.Contains(Path.GetFileName(f).Split('.')[0])) : [])
            File.Delete(left);
    }

    private string ManifestOf(Backup backup) => Path.Combine(paths.BackupsOf(backup.ProjectId), backup.Id + Ending);

    private static Backup? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), BackupsJson.Default.Backup);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }
}
