using Microsoft.Data.Sqlite;
using VpsPilot.Functions.Storage;
using VpsPilot.Functions.Storage.Sqlite;

namespace VpsPilot.Functions.Tests.Storage;

public sealed class SqliteStateStoreTests : StateStoreContract, IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private SqliteStateStore store;

    public SqliteStateStoreTests() => store = new SqliteStateStore(File);

    internal override IStateStore Store => store;

    private string File => Path.Combine(folder.Path, "state.db");

    [Fact]
    public async Task What_was_written_is_there_after_the_store_is_opened_again()
    {
        var etag = await store.InsertAsync("p", "k", "1"u8.ToArray(), default);
        await store.DisposeAsync();

        store = new SqliteStateStore(File);

        (await store.GetAsync("p", "k", default))!.ETag.ShouldBe(etag);
    }

    [Fact]
    public async Task Writes_are_flushed_to_disk_before_they_are_answered()
    {
        await store.InsertAsync("p", "k", "1"u8.ToArray(), default);
        await using var other = new SqliteConnection($"Data Source={File};Pooling=False");
        await other.OpenAsync();
        await using var command = other.CreateCommand();

        command.CommandText = "PRAGMA journal_mode";
        (await command.ExecuteScalarAsync()).ShouldBe("wal");
        command.CommandText = "SELECT count(*) FROM state";
        (await command.ExecuteScalarAsync()).ShouldBe(1L);
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused_and_left_alone()
    {
        await store.InsertAsync("p", "k", "1"u8.ToArray(), default);
        await store.DisposeAsync();
        await using (var other = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            await other.OpenAsync();
            await using var command = other.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            await command.ExecuteNonQueryAsync();
        }

        Should.Throw<InvalidOperationException>(() => new SqliteStateStore(File)).Message.ShouldContain("99");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_reported_and_not_served_as_empty()
    {
        var broken = Path.Combine(folder.Path, "broken.db");
        await System.IO.File.WriteAllTextAsync(broken, new string('x', 5000));

        Should.Throw<SqliteException>(() => new SqliteStateStore(broken));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Dispose();
    }
}
