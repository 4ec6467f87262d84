using VpsPilot.Server.Backups;

namespace VpsPilot.Server.Checks;

/// <summary>What has to hold before an upgrade, or after a restore, touches anything.</summary>
internal static class DataCheck
{
    private const long LeastRoom = 256L * 1024 * 1024;

    /// <summary>Reads the databases, also while the control plane runs.</summary>
    /// <param name="data">The folder.</param>
    /// <param name="schemas">What the program that is to read them knows.</param>
    /// <exception cref="RefusedException">The message lists everything that is wrong.</exception>
    public static void Run(DataFolder data, IReadOnlyDictionary<string, int> schemas)
    {
        var problems = Problems(data, data.Databases(), schemas);
        var needed = Math.Max(LeastRoom, 2 * data.Databases().Sum(name => new FileInfo(data.PathOf(name)).Length));
        if (new DriveInfo(data.Path).AvailableFreeSpace is var free && free < needed)
        {
            problems.Add($"{data.Path} has {free >> 20} MiB of room; {needed >> 20} MiB are needed for a backup and for migrations. Free some.");
        }

        if (problems.Count > 0)
        {
            throw new RefusedException(string.Join('\n', problems));
        }
    }

    /// <summary>What is wrong with databases: damaged, or written by a newer program.</summary>
    public static List<string> Problems(DataFolder data, IEnumerable<string> databases, IReadOnlyDictionary<string, int> schemas)
    {
        List<string> problems = [];
        foreach (var name in databases)
        {
            try
            {
                using var database = Database.OpenForReading(data.PathOf(name));
                if (database.Finding() is { } finding)
                {
                    problems.Add($"{data.PathOf(name)} is damaged: {finding}. Restore a backup.");
                }

                if (!schemas.TryGetValue(name, out var known))
                {
                    problems.Add($"{data.PathOf(name)} is no database of this program.");
                }
                else if (database.Schema() is var schema && schema > known)
                {
                    problems.Add($"{data.PathOf(name)} has schema {schema}; the program knows {known}. A newer version wrote it: use that, or restore a backup from before.");
                }
            }
            catch (Microsoft.Data.Sqlite.SqliteException e)
            {
                problems.Add($"{data.PathOf(name)} cannot be read: {e.Message}");
            }
        }

        return problems;
    }
}
