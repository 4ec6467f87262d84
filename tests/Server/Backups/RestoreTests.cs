using System.Formats.Tar;
using System.IO.Compression;
using Microsoft.Extensions.Time.Testing;
using VpsPilot.Server.Backups;

namespace VpsPilot.Server.Tests.Backups;

public sealed class RestoreTests : IDisposable
{
    private readonly SmallData small = new();

    /// <summary>What was there before a restore is kept under its second.</summary>
    private readonly FakeTimeProvider time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };

    private string Archive => small["backup.tar.gz"];

    [Fact]
    public async Task What_was_there_before_is_kept_beside_it()
    {
        var before = await BackUpAsync();
        small.Do("state.db", "INSERT INTO t VALUES ('later')");
        File.WriteAllText(small.Data.PathOf("stray"), "");

        var (_, aside) = await RestoreAsync();

        small.Content().Keys.ShouldBe(before.Keys, ignoreOrder: true);
        small.Content()["secrets.key"].ShouldBe(before["secrets.key"]);
        small.Content()["logs/deployments/d-1.log"].ShouldBe(before["logs/deployments/d-1.log"]);
        File.Exists(Path.Combine(aside.ShouldNotBeNull(), "stray")).ShouldBeTrue();
        Directory.Exists(small.Folder + ".restoring").ShouldBeFalse();
    }

    [Fact]
    public async Task An_empty_or_missing_folder_is_filled()
    {
        var before = await BackUpAsync();
        Directory.Delete(small.Folder, recursive: true);
        (await RestoreAsync()).Aside.ShouldBeNull();
        small.Content().Keys.ShouldBe(before.Keys, ignoreOrder: true);
        Directory.Delete(small.Folder, recursive: true);
        Directory.CreateDirectory(small.Folder);
        (await RestoreAsync()).Aside.ShouldBeNull();
        small.Content().Keys.ShouldBe(before.Keys, ignoreOrder: true);
    }

    [Fact]
    public async Task An_archive_with_a_wrong_byte_or_a_missing_end_changes_nothing()
    {
        const int Places = 40;
        var refused = 0;
        await BackUpAsync();
        await RestoreAsync();
        var before = small.Content();
        var whole = await File.ReadAllBytesAsync(Archive);

        // The first ten bytes name the format; some of them mean nothing to a reader.
        foreach (var at in Enumerable.Range(0, Places).Select(i => 10 + ((whole.Length - 10) * i / Places)))
        {
            await File.WriteAllBytesAsync(Archive, whole[..at]);
            await Should.ThrowAsync<RefusedException>(RestoreAsync);
            small.Content().ShouldBe(before);

            // A bit that only pads a block of the compressed form changes nothing that is in it.
            await File.WriteAllBytesAsync(Archive, [.. whole[..at], (byte)(whole[at] ^ 0x55), .. whole[(at + 1)..]]);
            var refusal = await Record.ExceptionAsync(RestoreAsync);
            (refusal is null or RefusedException).ShouldBeTrue(refusal?.ToString());
            refused += refusal is null ? 0 : 1;
            small.Content().ShouldBe(before);
        }

        refused.ShouldBeGreaterThan(Places * 3 / 4);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/tmp/outside")]
    [InlineData("logs/../../outside")]
    public async Task A_name_that_leads_out_of_the_folder_is_refused(string name)
    {
        await BackUpAsync();
        var before = small.Content();
        await using (var stream = File.Create(Archive))
        await using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        await using (var tar = new TarWriter(gzip))
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream([1]) });
        }

        (await Should.ThrowAsync<RefusedException>(RestoreAsync)).Message.ShouldContain("no name in a data folder");

        small.Content().ShouldBe(before);
        File.Exists(small["outside"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_link_in_an_archive_is_refused()
    {
        await using (var stream = File.Create(Archive))
        await using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        await using (var tar = new TarWriter(gzip))
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "logs") { LinkName = "/etc" });
        }

        (await Should.ThrowAsync<RefusedException>(RestoreAsync)).Message.ShouldContain("does not belong there");
    }

    [Fact]
    public async Task Data_of_a_newer_program_is_refused_before_anything_is_touched()
    {
        small.Do("state.db", "PRAGMA user_version = 99");
        await BackUpAsync();
        small.Do("state.db", "PRAGMA user_version = 1");
        var before = small.Content();

        (await Should.ThrowAsync<RefusedException>(RestoreAsync)).Message.ShouldContain("has schema 99; the program knows 1");

        small.Content().ShouldBe(before);
    }

    [Fact]
    public async Task A_damaged_database_is_not_backed_up_as_if_it_were_whole()
    {
        for (var i = 0; i < 400; i++)
        {
            small.Do("queues.db", $"INSERT INTO t VALUES ('{new string('x', 500)}')");
        }

        var file = small.Data.PathOf("queues.db");
        var bytes = await File.ReadAllBytesAsync(file);
        Array.Fill(bytes, (byte)0xAA, bytes.Length / 2, 8192);
        await File.WriteAllBytesAsync(file, bytes);

        var failure = await Should.ThrowAsync<Exception>(BackUpAsync);

        failure.Message.ShouldContain(failure is RefusedException ? "queues.db is damaged" : "malformed");
        File.Exists(Archive).ShouldBeFalse();
    }

    public void Dispose() => small.Dispose();

    private async Task<Dictionary<string, string>> BackUpAsync()
    {
        await new BackupWriter(small.Data, TimeProvider.System).WriteAsync(Archive, default);
        return small.Content();
    }

    private Task<(BackupManifest Manifest, string? Aside)> RestoreAsync() => new Restore(small.Data, time).RunAsync(Archive, default);
}
