using VpsPilot.Functions.Keys;

namespace VpsPilot.Functions.Tests.Keys;

/// <summary>What every key store does.</summary>
public abstract class KeyStoreContract
{
    /// <summary>Another store on the same place, as another process has it.</summary>
    internal abstract IKeyStore Open();

    [Fact]
    public async Task A_text_is_made_once_and_is_the_same_from_then_on()
    {
        (await Open().ReadOrCreateAsync("one", () => "first\nsecond", default)).ShouldBe("first\nsecond");
        (await Open().ReadOrCreateAsync("one", () => "another", default)).ShouldBe("first\nsecond");
        (await Open().ReadOrCreateAsync("two", () => "other", default)).ShouldBe("other");
    }

    [Fact]
    public async Task A_text_is_replaced_for_whoever_reads_it()
    {
        var (store, other) = (Open(), Open());
        await store.ReadOrCreateAsync("one", () => "first", default);
        (await other.ReadOrCreateAsync("one", () => "x", default)).ShouldBe("first");

        (await store.ReplaceAsync("one", "first", "second", default)).ShouldBeTrue();

        (await other.ReadOrCreateAsync("one", () => "x", default)).ShouldBe("second");
        (await other.ReplaceAsync("one", "first", "third", default)).ShouldBeFalse();
        (await store.ReadOrCreateAsync("one", () => "x", default)).ShouldBe("second");
    }

    [Fact]
    public async Task Who_replaces_at_the_same_time_does_so_one_after_the_other()
    {
        var store = Open();
        await store.ReadOrCreateAsync("one", () => "first", default);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => store.ReplaceAsync("one", "first", $"writer {i}", default)));

        answers.Count(a => a).ShouldBe(1);
        (await store.ReadOrCreateAsync("one", () => "x", default)).ShouldBe($"writer {Array.IndexOf(answers, true)}");
    }
}
