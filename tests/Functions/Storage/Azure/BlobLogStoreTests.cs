using System.Text;
using Azure.Core;
using Azure.Storage.Blobs;
using VpsPilot.Functions.Storage;
using VpsPilot.Functions.Storage.Azure;

namespace VpsPilot.Functions.Tests.Storage.Azure;

[Collection(AzuriteCollection.Name)]
public sealed class BlobLogStoreTests(Azurite azurite) : LogStoreContract, IAsyncLifetime
{
    private readonly LostAnswers network = new();
    private readonly BusyService service = new();
    private BlobContainerClient container = null!;
    private BlobLogStore store = null!;

    internal override ILogStore Store => store;

    public Task InitializeAsync()
    {
        var options = new BlobClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(10), MaxRetries = 4 } };
        options.AddPolicy(network, HttpPipelinePosition.PerRetry);
        options.AddPolicy(service, HttpPipelinePosition.PerRetry);
        container = new BlobContainerClient(azurite.ConnectionString, $"c{Guid.NewGuid():N}", options);
        store = new BlobLogStore(container);
        return store.EnsureAsync(default);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_log_goes_on_in_another_blob_where_one_has_no_more_blocks()
    {
        var rolling = new BlobLogStore(container, maxBlocks: 3);
        var text = new StringBuilder();
        for (var i = 0; i < 10; i++)
        {
            var line = $"line {i}\n";
            (await rolling.AppendAsync("d/n", text.Length, Encoding.UTF8.GetBytes(line), default)).ShouldBe(new LogAppend(true, text.Length + line.Length));
            text.Append(line);
        }

        var blobs = new List<string>();
        await foreach (var blob in container.GetBlobsAsync())
            blobs.Add(blob.Name);
        blobs.ShouldBe(["d/n/0000000000000000000", "d/n/0000000000000000021", "d/n/0000000000000000042", "d/n/0000000000000000063"]);
        foreach (var offset in (int[])[0, 5, 21, 22, 69, 70])
            (await TextAsync(rolling, "d/n", offset)).ShouldBe(text.ToString()[offset..]);
        (await rolling.AppendAsync("d/n", 21, "x"u8.ToArray(), default)).ShouldBe(new LogAppend(false, 70));

        await rolling.DeleteAsync("d", default);
        (await rolling.LengthAsync("d/n", default)).ShouldBe(0);
    }

    [Fact]
    public async Task Of_many_appends_at_the_end_of_a_full_blob_one_is_accepted()
    {
        var rolling = new BlobLogStore(container, maxBlocks: 1);
        await rolling.AppendAsync("full", 0, "x"u8.ToArray(), default);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => rolling.AppendAsync("full", 1, "y"u8.ToArray(), default))));

        answers.Count(a => a.Accepted).ShouldBe(1);
        (await TextAsync(rolling, "full", 0)).ShouldBe("xy");
    }

    [Fact]
    public async Task A_log_of_several_megabytes_is_read_whole()
    {
        var block = new byte[BlobLogStore.MaxAppendBytes];
        new Random(7).NextBytes(block);
        await store.AppendAsync("big", 0, block, default);
        await store.AppendAsync("big", block.Length, block, default);

        await using var stream = await store.OpenReadAsync("big", 10, default);
        var copy = new MemoryStream();
        await stream.CopyToAsync(copy);

        copy.ToArray().AsSpan().SequenceEqual([.. block[10..], .. block]).ShouldBeTrue();
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => store.AppendAsync("big", copy.Length, new byte[block.Length + 1], default));
    }

    [Fact]
    public async Task An_append_whose_answer_is_lost_is_not_written_twice()
    {
        await store.AppendAsync("lost", 0, "one "u8.ToArray(), default);
        network.LoseNext(1);

        // The writer cannot tell who won; the length tells it where to go on.
        (await store.AppendAsync("lost", 4, "two"u8.ToArray(), default)).Length.ShouldBe(7);

        network.Lost.ShouldBe(1);
        (await TextAsync(store, "lost", 0)).ShouldBe("one two");
    }

    [Fact]
    public async Task A_busy_service_is_asked_again_for_appends_and_reads()
    {
        service.RefuseNext(3);
        (await store.AppendAsync("busy", 0, "one "u8.ToArray(), default)).ShouldBe(new LogAppend(true, 4));
        service.RefuseNext(3);
        (await store.AppendAsync("busy", 4, "two"u8.ToArray(), default)).ShouldBe(new LogAppend(true, 7));
        service.RefuseNext(3);

        (await TextAsync(store, "busy", 0)).ShouldBe("one two");

        service.Refused.ShouldBe(9);
    }

    private static async Task<string> TextAsync(BlobLogStore store, string name, long offset)
    {
        await using var stream = await store.OpenReadAsync(name, offset, default);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
