using System.Text;
using Azure.Core;
using Azure.Data.Tables;
using VpsPilot.Functions.Storage;
using VpsPilot.Functions.Storage.Azure;

namespace VpsPilot.Functions.Tests.Storage.Azure;

[Collection(AzuriteCollection.Name)]
public sealed class TableStateStoreTests(Azurite azurite) : StateStoreContract, IAsyncLifetime
{
    private readonly LostAnswers network = new();
    private readonly BusyService service = new();
    private TableStateStore store = null!;

    internal override IStateStore Store => store;

    public Task InitializeAsync()
    {
        var options = new TableClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(10), MaxRetries = 4 } };
        options.AddPolicy(network, HttpPipelinePosition.PerRetry);
        options.AddPolicy(service, HttpPipelinePosition.PerRetry);
        store = new TableStateStore(new TableClient(azurite.ConnectionString, $"t{Guid.NewGuid():N}", options));
        return store.EnsureAsync(default);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_list_of_more_than_a_thousand_is_complete_and_in_order()
    {
        var keys = Enumerable.Range(0, 1100).Select(i => $"k:{i:D4}").ToList();
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (key, ct) => await store.UpsertAsync("many", key, "1"u8.ToArray(), ct));

        var whole = await store.ListAsync("many", "", 2000, null, default);
        whole.Items.Select(d => d.Key).ShouldBe(keys);
        whole.Continuation.ShouldBeNull();

        var first = await store.ListAsync("many", "k:", 1050, null, default);
        var second = await store.ListAsync("many", "k:", 1050, first.Continuation, default);
        first.Items.Concat(second.Items).Select(d => d.Key).ShouldBe(keys);
    }

    [Theory]
    [InlineData("o'brien")]
    [InlineData("' or PartitionKey ne '")]
    [InlineData("100% sure")]
    [InlineData("a b+c&d=e;f,g(h)i")]
    [InlineData("köln ☃ 家")]
    [InlineData("<x>\"y\"|z^`{}[]")]
    [InlineData("..")]
    [InlineData(" leading and trailing ")]
    public async Task Keys_with_hostile_characters_are_kept_apart_and_found(string key)
    {
        await store.InsertAsync(key, key, "1"u8.ToArray(), default);
        await store.InsertAsync(key, key + "x", "2"u8.ToArray(), default);

        Encoding.UTF8.GetString((await store.GetAsync(key, key, default))!.Json.Span).ShouldBe("1");
        (await store.ListAsync(key, key, 10, null, default)).Items.Select(d => d.Key).ShouldBe([key, key + "x"]);
        (await store.DeleteAsync(key, key, null, default)).ShouldBeTrue();
        (await store.GetAsync(key, key, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_busy_service_is_asked_again_for_writes_and_reads()
    {
        service.RefuseNext(3);
        var etag = (await store.InsertAsync("p", "k", "1"u8.ToArray(), default)).ShouldNotBeNull();
        service.RefuseNext(3);
        (await store.GetAsync("p", "k", default))!.ETag.ShouldBe(etag);
        service.RefuseNext(3);
        (await store.ListAsync("p", "", 10, null, default)).Items.Count.ShouldBe(1);
        service.RefuseNext(3);
        (await store.DeleteAsync("p", "k", etag, default)).ShouldBeTrue();

        service.Refused.ShouldBe(12);
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_is_tried_again_and_counts_once()
    {
        network.LoseNext(1);
        var inserted = (await store.InsertAsync("p", "k", "1"u8.ToArray(), default)).ShouldNotBeNull();

        network.LoseNext(2);
        var replaced = (await store.ReplaceAsync("p", "k", "2"u8.ToArray(), inserted, default)).ShouldNotBeNull();

        network.Lost.ShouldBe(3);
        (await store.GetAsync("p", "k", default))!.ETag.ShouldBe(replaced);
        (await store.InsertAsync("p", "k", "3"u8.ToArray(), default)).ShouldBeNull();
        (await store.ReplaceAsync("p", "k", "3"u8.ToArray(), inserted, default)).ShouldBeNull();
    }
}
