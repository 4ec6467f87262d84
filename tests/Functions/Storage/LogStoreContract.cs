using System.Text;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Tests.Storage;

/// <summary>What every log store promises.</summary>
public abstract class LogStoreContract
{
    internal abstract ILogStore Store { get; }

    [Fact]
    public async Task A_log_that_was_never_written_is_empty()
    {
        (await Store.LengthAsync("d/n", default)).ShouldBe(0);
        (await ReadAsync("d/n", 0)).ShouldBe("");
    }

    [Fact]
    public async Task Appends_at_the_end_are_accepted_and_read_back()
    {
        (await Store.AppendAsync("d/n", 0, "one "u8.ToArray(), default)).ShouldBe(new LogAppend(true, 4));
        (await Store.AppendAsync("d/n", 4, "two"u8.ToArray(), default)).ShouldBe(new LogAppend(true, 7));

        (await ReadAsync("d/n", 0)).ShouldBe("one two");
        (await ReadAsync("d/n", 4)).ShouldBe("two");
        (await ReadAsync("d/n", 100)).ShouldBe("");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(9)]
    public async Task An_append_anywhere_else_changes_nothing_and_says_where_the_end_is(long offset)
    {
        await Store.AppendAsync("d/n", 0, "four"u8.ToArray(), default);

        (await Store.AppendAsync("d/n", offset, "x"u8.ToArray(), default)).ShouldBe(new LogAppend(false, 4));
        (await ReadAsync("d/n", 0)).ShouldBe("four");
    }

    [Fact]
    public async Task Of_many_appends_at_the_same_offset_one_is_accepted()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Store.AppendAsync("d/n", 0, "x"u8.ToArray(), default))));

        answers.Count(a => a.Accepted).ShouldBe(1);
        (await Store.LengthAsync("d/n", default)).ShouldBe(1);
    }

    [Fact]
    public async Task Deleting_a_prefix_deletes_the_logs_below_it_and_no_others()
    {
        foreach (var name in (string[])["d/a", "d/b", "dd/a"])
        {
            await Store.AppendAsync(name, 0, "x"u8.ToArray(), default);
        }

        await Store.DeleteAsync("d", default);
        await Store.DeleteAsync("nothing/there", default);

        (await Store.LengthAsync("d/a", default)).ShouldBe(0);
        (await Store.LengthAsync("d/b", default)).ShouldBe(0);
        (await Store.LengthAsync("dd/a", default)).ShouldBe(1);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("/x")]
    [InlineData("a//b")]
    [InlineData("")]
    [InlineData("a\0b")]
    public async Task A_name_that_leads_elsewhere_is_refused(string name)
    {
        await Should.ThrowAsync<ArgumentException>(() => Store.AppendAsync(name, 0, "x"u8.ToArray(), default));
    }

    private async Task<string> ReadAsync(string name, long offset)
    {
        await using var stream = await Store.OpenReadAsync(name, offset, default);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}

public sealed class FileLogStoreTests : LogStoreContract, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public FileLogStoreTests() => Store = new FileLogStore(folder.Path);

    internal override ILogStore Store { get; }

    public void Dispose() => folder.Dispose();
}
