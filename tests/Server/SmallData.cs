using Microsoft.Data.Sqlite;
using VpsPilot.Functions.Tests;

namespace VpsPilot.Server.Tests;

/// <summary>A data folder with the three databases and a key, made without a control plane.</summary>
internal sealed class SmallData : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SmallData()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "logs", "deployments"));
        foreach (var name in (string[])["state.db", "queues.db", "VpsPilot.db"])
        {
            Do(name, "PRAGMA journal_mode = WAL; CREATE TABLE t (text TEXT); PRAGMA user_version = 1");
        }

        Do("state.db", "INSERT INTO t VALUES ('first')");
        File.WriteAllText(Path.Combine(Folder, "secrets.key"), "a key");
        File.WriteAllText(Path.Combine(Folder, "logs", "deployments", "d-1.log"), "built");
    }

    public string Folder => Path.Combine(folder.Path, "data");

    public DataFolder Data => new(Folder);

    /// <summary>A path beside the data folder.</summary>
    public string this[string name] => Path.Combine(folder.Path, name);

    public void Do(string name, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, name)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Everything in the data folder, name by name, with what tells one content from another.</summary>
    public Dictionary<string, string> Content() => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Where(f => !f.EndsWith("-wal", StringComparison.Ordinal) && !f.EndsWith("-shm", StringComparison.Ordinal))
        .ToDictionary(f => Path.GetRelativePath(Folder, f), f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f))), StringComparer.Ordinal);

    public void Dispose() => folder.Dispose();
}
