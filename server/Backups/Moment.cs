namespace VpsPilot.Server.Backups;

/// <summary>
/// All databases and keys as they were at one moment, while the control plane runs: writers are held for the few milliseconds in which each
/// database is fixed for reading, then they go on, and what was fixed is copied in peace.
/// </summary>
internal sealed class Moment : IDisposable
{
    private readonly List<(string Name, Database Database)> fixedOnes = [];
    private readonly List<(string Name, byte[] Bytes)> files = [];

    private Moment()
    {
    }

    /// <summary>The databases, each readable as it was then.</summary>
    public IReadOnlyList<(string Name, Database Database)> Databases => fixedOnes;

    /// <summary>Keys and what else lies beside the databases.</summary>
    public IReadOnlyList<(string Name, byte[] Bytes)> Files => files;

    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">A database is damaged, or a writer did not end within half a minute.</exception>
    public static Moment Take(DataFolder data)
    {
        var moment = new Moment();
        List<Database> holders = [];
        try
        {
            foreach (var name in data.Databases())
            {
                var holder = Database.OpenForReading(data.PathOf(name));
                holders.Add(holder);
                holder.HoldWriters();
            }

            foreach (var name in data.Databases())
            {
                var reader = Database.OpenForReading(data.PathOf(name));
                moment.fixedOnes.Add((name, reader));
                reader.Fix();
            }

            // Values in the state are encrypted under these keys: they belong to the same moment.
            moment.files.AddRange(data.OtherFiles().Select(name => (name, File.ReadAllBytes(data.PathOf(name)))));
            holders.ForEach(h => h.Release());
            return moment;
        }
        catch
        {
            moment.Dispose();
            throw;
        }
        finally
        {
            holders.ForEach(h => h.Dispose());
        }
    }

    public void Dispose() => fixedOnes.ForEach(f => f.Database.Dispose());
}
