using Microsoft.Data.Sqlite;
using VpsPilot.Embedded.DurableTask.Testing;

namespace VpsPilot.Embedded.DurableTask.Tests.Storage;

/// <summary>A task hub's file that outlives its engines, and can be looked into and changed beside them.</summary>
internal sealed class HubFile : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public string Path => System.IO.Path.Combine(folder.Path, "hub.db");

    public Task<DurableTaskTestHost> StartAsync() => DurableTaskTestHost.StartAsync(
        r => r
            .AddOrchestratorFunc<string>("Empty", (_, _) => { })
            .AddOrchestratorFunc<string, int>("Wait", async (ctx, _) => await ctx.WaitForExternalEvent<int>("go")),
        databasePath: Path,
        options: o => o.SessionsInMemory = 100);

    public void Execute(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public List<string> Query(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    public void Dispose() => folder.Dispose();

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Path};Pooling=False;Default Timeout=10");
        connection.Open();
        return connection;
    }
}
