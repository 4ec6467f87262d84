using Microsoft.Data.Sqlite;
using VpsPilot.Functions.Tests;
using VpsPilot.Server.Backups;

namespace VpsPilot.Server.Tests.Backups;

public sealed class MomentTests : IDisposable
{
    private static readonly string[] Names = ["a.db", "b.db", "c.db"];

    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task All_databases_are_of_one_moment_while_a_writer_goes_from_one_to_the_next()
    {
        using var stop = new CancellationTokenSource();
        var writer = Write(stop.Token);
        var seen = new HashSet<long>();
        try
        {
            for (var i = 0; i < 20; i++)
            {
                using var moment = Moment.Take(new DataFolder(folder.Path));
                // What is read later is still of that moment.
                await Task.Delay(5);
                var numbers = moment.Databases.Select(d => Copied(d.Database)).ToList();

                numbers.ShouldBe([.. numbers.OrderDescending()], "a is written first, then b, then c");
                (numbers[0] - numbers[2]).ShouldBeLessThanOrEqualTo(1);
                seen.Add(numbers[0]);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await writer;
        }

        seen.Count.ShouldBeGreaterThan(1, "the writer went on between the moments");
    }

    [Fact]
    public void A_copy_is_one_file_and_in_the_mode_that_the_control_plane_uses()
    {
        using (var connection = Open("a.db"))
        {
            Number(connection, "CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (7); SELECT 1");
        }

        var copy = Path.Combine(folder.Path, "copy");
        using (var moment = Moment.Take(new DataFolder(folder.Path)))
        {
            moment.Databases.Single().Database.CopyTo(copy);
        }

        Directory.EnumerateFiles(folder.Path, "copy*").ShouldBe([copy]);
        using var copied = new SqliteConnection($"Data Source={copy};Pooling=False");
        copied.Open();
        using var mode = copied.CreateCommand();
        mode.CommandText = "PRAGMA journal_mode";
        mode.ExecuteScalar().ShouldBe("wal");
        Number(copied, "SELECT n FROM t").ShouldBe(7);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Counts up: first in a, then in b, then in c.</summary>
    private Task Write(CancellationToken stop)
    {
        List<SqliteConnection> connections = [.. Names.Select(Open)];
        connections.ForEach(c => Number(c, "CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (0); SELECT 1"));
        return Task.Run(() =>
        {
            for (var n = 1; !stop.IsCancellationRequested; n++)
            {
                connections.ForEach(c => Number(c, $"BEGIN IMMEDIATE; UPDATE t SET n = {n}; COMMIT; SELECT 1"));
            }

            connections.ForEach(c => c.Dispose());
        }, CancellationToken.None);
    }

    private long Copied(Database database)
    {
        var file = Path.Combine(folder.Path, "copied");
        database.CopyTo(file);
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            var number = Number(connection, "SELECT n FROM t");
            connection.Close();
            File.Delete(file);
            return number;
        }
    }

    private SqliteConnection Open(string name)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, name)};Pooling=False");
        connection.Open();
        Number(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; SELECT 1");
        return connection;
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        long number = 0;
        do
        {
            while (reader.Read())
            {
                number = reader.GetFieldType(0) == typeof(long) ? reader.GetInt64(0) : 0;
            }
        }
        while (reader.NextResult());
        return number;
    }
}
