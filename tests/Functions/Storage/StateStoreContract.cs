using System.Text;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Tests.Storage;

/// <summary>What every state store promises.</summary>
public abstract class StateStoreContract
{
    internal abstract IStateStore Store { get; }

    [Fact]
    public async Task Writes_that_may_wait_are_as_true_as_others()
    {
        var keys = Enumerable.Range(0, 20).Select(i => $"k{i}").ToArray();
        var first = await Task.WhenAll(keys.Select(k => Store.InsertAsync("p", k, Json("one"), default)));

        var second = await Task.WhenAll(keys.Select((k, i) => Store.ReplaceSoonAsync("p", k, Json(k), first[i]!, default)));

        second.ShouldAllBe(etag => etag != null);
        (await Task.WhenAll(keys.Select(async k => (await Store.GetAsync("p", k, default))!.ETag))).ShouldBe(second);
        (await Store.ReplaceSoonAsync("p", "k0", Json("late"), first[0]!, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_document_that_was_never_written_is_null()
    {
        (await Store.GetAsync("p", "k", default)).ShouldBeNull();
    }

    [Fact]
    public async Task An_inserted_document_is_read_back_with_its_etag()
    {
        var etag = await Store.InsertAsync("p", "k", Json("one"), default);

        var read = (await Store.GetAsync("p", "k", default)).ShouldNotBeNull();
        Text(read).ShouldBe("one");
        read.ETag.ShouldBe(etag);
    }

    [Fact]
    public async Task A_scan_gives_every_document_of_every_partition_once_in_order()
    {
        var expected = new List<string>();
        foreach (var partition in (string[])["a", "a:b", "b", "ü"])
        {
            for (var i = 0; i < 5; i++)
            {
                await Store.InsertAsync(partition, $"k{i}", Json($"{partition}{i}"), default);
                expected.Add($"{partition}/k{i}={partition}{i}");
            }
        }

        var found = new List<string>();
        string? continuation = null;
        do
        {
            var page = await Store.ScanAsync(7, continuation, default);
            page.Items.Count.ShouldBeLessThanOrEqualTo(7);
            found.AddRange(page.Items.Select(d => $"{d.Partition}/{d.Key}={Text(new StateDocument(d.Key, d.Json, ""))}"));
            continuation = page.Continuation;
        }
        while (continuation is not null);

        found.ShouldBe(expected);
    }

    [Fact]
    public async Task A_second_insert_of_the_same_key_changes_nothing()
    {
        await Store.InsertAsync("p", "k", Json("one"), default);

        (await Store.InsertAsync("p", "k", Json("two"), default)).ShouldBeNull();
        Text((await Store.GetAsync("p", "k", default))!).ShouldBe("one");
    }

    [Fact]
    public async Task A_replace_with_the_current_etag_gives_a_new_etag()
    {
        var first = (await Store.InsertAsync("p", "k", Json("one"), default))!;

        var second = await Store.ReplaceAsync("p", "k", Json("two"), first, default);

        second.ShouldNotBeNull().ShouldNotBe(first);
        Text((await Store.GetAsync("p", "k", default))!).ShouldBe("two");
    }

    [Fact]
    public async Task A_replace_with_an_old_etag_changes_nothing()
    {
        var first = (await Store.InsertAsync("p", "k", Json("one"), default))!;
        await Store.UpsertAsync("p", "k", Json("two"), default);

        (await Store.ReplaceAsync("p", "k", Json("three"), first, default)).ShouldBeNull();
        Text((await Store.GetAsync("p", "k", default))!).ShouldBe("two");
    }

    [Fact]
    public async Task A_replace_of_a_document_deleted_and_made_again_is_refused()
    {
        var first = (await Store.InsertAsync("p", "k", Json("one"), default))!;
        await Store.DeleteAsync("p", "k", null, default);
        await Store.InsertAsync("p", "k", Json("one"), default);

        (await Store.ReplaceAsync("p", "k", Json("two"), first, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_replace_with_text_that_is_no_etag_is_refused()
    {
        await Store.InsertAsync("p", "k", Json("one"), default);

        (await Store.ReplaceAsync("p", "k", Json("two"), "no etag", default)).ShouldBeNull();
    }

    [Fact]
    public async Task Delete_with_an_old_etag_deletes_nothing()
    {
        var first = (await Store.InsertAsync("p", "k", Json("one"), default))!;
        var second = await Store.UpsertAsync("p", "k", Json("two"), default);

        (await Store.DeleteAsync("p", "k", first, default)).ShouldBeFalse();
        (await Store.DeleteAsync("p", "k", second, default)).ShouldBeTrue();
        (await Store.DeleteAsync("p", "k", null, default)).ShouldBeFalse();
        (await Store.GetAsync("p", "k", default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_list_has_the_keys_of_one_partition_and_prefix_in_ordinal_order()
    {
        foreach (var key in (string[])["b:2", "a:1", "b:10", "b:1", "B:1", "c", "b"])
        {
            await Store.UpsertAsync("p", key, Json(key), default);
        }

        await Store.UpsertAsync("q", "b:0", Json("other"), default);

        (await Store.ListAsync("p", "b:", 10, null, default)).Items.Select(d => d.Key).ShouldBe(["b:1", "b:10", "b:2"]);
        (await Store.ListAsync("p", "", 10, null, default)).Items.Select(d => d.Key).ShouldBe(["B:1", "a:1", "b", "b:1", "b:10", "b:2", "c"]);
    }

    [Fact]
    public async Task Pages_have_everything_once_and_end()
    {
        for (var i = 0; i < 25; i++)
        {
            await Store.UpsertAsync("p", $"k:{i:D3}", Json($"{i}"), default);
        }

        var seen = new List<string>();
        string? continuation = null;
        var pages = 0;
        do
        {
            var page = await Store.ListAsync("p", "k:", 10, continuation, default);
            seen.AddRange(page.Items.Select(d => d.Key));
            continuation = page.Continuation;
            pages++;
        }
        while (continuation is not null);

        seen.ShouldBe(Enumerable.Range(0, 25).Select(i => $"k:{i:D3}"));
        pages.ShouldBe(3);
    }

    [Fact]
    public async Task Newest_first_keys_list_the_newest_first()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        foreach (var day in (int[])[3, 1, 2])
        {
            await Store.UpsertAsync("p", StateKeys.NewestFirst(start.AddDays(day)), Json($"{day}"), default);
        }

        (await Store.ListAsync("p", "", 10, null, default)).Items.Select(Text).ShouldBe(["3", "2", "1"]);
    }

    [Fact]
    public async Task Of_many_writers_with_the_same_etag_one_wins()
    {
        var etag = (await Store.InsertAsync("p", "k", Json("start"), default))!;

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => Store.ReplaceAsync("p", "k", Json($"{i}"), etag, default))));

        answers.Count(a => a is not null).ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_inserts_of_the_same_key_one_wins()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => Store.InsertAsync("p", "k", Json($"{i}"), default))));

        answers.Count(a => a is not null).ShouldBe(1);
    }

    [Fact]
    public async Task Concurrent_updates_of_one_document_all_count()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                while (!await IncrementAsync())
                {
                }
            }
        })));

        Text((await Store.GetAsync("p", "counter", default))!).ShouldBe("160");
    }

    [Fact]
    public async Task The_largest_document_fits_and_a_larger_one_is_refused()
    {
        var largest = new byte[StateLimits.MaxDocumentBytes];
        Array.Fill(largest, (byte)'1');
        await Store.UpsertAsync("p", "k", largest, default);

        (await Store.GetAsync("p", "k", default))!.Json.Length.ShouldBe(largest.Length);
        await Should.ThrowAsync<ArgumentException>(() => Store.UpsertAsync("p", "k", new byte[StateLimits.MaxDocumentBytes + 1], default));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    [InlineData("")]
    public async Task A_key_that_some_store_could_not_hold_is_refused(string key)
    {
        await Should.ThrowAsync<ArgumentException>(() => Store.UpsertAsync("p", key, Json("1"), default));
        await Should.ThrowAsync<ArgumentException>(() => Store.UpsertAsync(key, "k", Json("1"), default));
    }

    private static byte[] Json(string value) => Encoding.UTF8.GetBytes($"\"{value}\"");

    private static string Text(StateDocument document) => Encoding.UTF8.GetString(document.Json.Span).Trim('"');

    private async Task<bool> IncrementAsync()
    {
        var current = await Store.GetAsync("p", "counter", default);
        return current is null
            ? await Store.InsertAsync("p", "counter", Json("1"), default) is not null
            : await Store.ReplaceAsync("p", "counter", Json($"{int.Parse(Text(current)) + 1}"), current.ETag, default) is not null;
    }
}
