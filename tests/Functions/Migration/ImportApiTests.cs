using System.Net;
using System.Net.Http.Json;
using System.Text;
using VpsPilot.Functions.Migration;
using VpsPilot.Functions.Migration.Archives;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Functions.Tests.Migration;

/// <summary>What an import refuses, on the real API; nothing is changed by it.</summary>
public sealed class ImportApiTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Text_that_is_no_archive_a_wrong_passphrase_and_a_part_are_each_one_error()
    {
        var archive = await server.ExportAsync();

        foreach (var (bytes, passphrase) in (IEnumerable<(byte[], string)>)[([], Archives.Passphrase), (Encoding.UTF8.GetBytes("no archive at all, but long enough for a header"), Archives.Passphrase), (archive, "another passphrase!!"), (archive[..^1], Archives.Passphrase)])
        {
            await server.ImportAsync(bytes, passphrase).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "archive-unusable");
        }

        (await ImportedAsync()).ShouldBeFalse();
    }

    [Theory]
    [InlineData("token", "k", "null")]
    [InlineData("node", "web-1", "{}")]
    [InlineData("own-key", "command", "{}")]
    [InlineData("secret-value:shop", "k", "{}")]
    [InlineData("audit", "a/b", "{}")]
    [InlineData("audit", "k", "not JSON")]
    public async Task An_archive_with_what_cannot_be_stored_changes_nothing(string partition, string key, string json)
    {
        using var file = new MemoryStream();
        ArchiveRecord[] records = [new ArchiveHead(1, Guid.NewGuid().ToString("N"), "0.1.0", TestPlane.Start), new ArchivedDocument("audit", "before", "{}"), new ArchivedDocument(partition, key, json)];
        await ArchiveWriter.WriteAsync(file, Archives.Passphrase, records.ToAsyncEnumerable(), default);

        await server.ImportAsync(file.ToArray()).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "archive-unusable");

        (await server.Store.GetAsync("audit", "before", default)).ShouldBeNull();
        (await ImportedAsync()).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("short")]
    [InlineData("not only ASCII: ü ü ü ü")]
    public async Task A_passphrase_that_is_none_is_refused(string? passphrase)
    {
        await server.Admin.PostAsync("api/export", JsonContent.Create(new { passphrase })).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        if (passphrase?.Contains('ü') != true)
        {
            await server.ImportAsync([1, 2, 3], passphrase).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        }
    }

    [Fact]
    public async Task Only_an_admin_may()
    {
        var viewer = (string)(await server.Admin.PostAsync("api/tokens", JsonContent.Create(new { name = "v", role = "deployer" })).JsonAsync(HttpStatusCode.Created))["token"]!;
        using var client = server.WithToken(viewer);

        await client.PostAsync("api/export", JsonContent.Create(new { passphrase = Archives.Passphrase })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await client.PostAsync("api/import", null).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await client.PostAsync("api/moves", JsonContent.Create(new { })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Where_nodes_are_to_go_is_checked_as_a_whole()
    {
        var problem = await server.Admin.PostAsync("api/moves", JsonContent.Create(new { archive = "x", url = "ftp://x", commandKey = "x", certificateAuthority = "x", nodes = new[] { "nobody" } })).JsonAsync(HttpStatusCode.BadRequest);

        problem["errors"]!.AsArray().Select(e => (string)e!["path"]!).ShouldBe(["$.archive", "$.url", "$.commandKey", "$.certificateAuthority", "$.nodes"]);
    }

    private async Task<bool> ImportedAsync() => await server.Store.GetAsync(ImportMark.Partition, ImportMark.Key, default) is not null;
}
