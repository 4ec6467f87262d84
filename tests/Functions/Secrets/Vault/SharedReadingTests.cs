using VpsPilot.Functions.Secrets.KeyVault;

namespace VpsPilot.Functions.Tests.Secrets.Vault;

public sealed class SharedReadingTests
{
    [Fact]
    public async Task Many_who_ask_at_once_share_a_reading_that_began_after_they_asked()
    {
        var (reads, value, gate) = (0, 1, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var reading = new SharedReading<int>(async () =>
        {
            var seen = Volatile.Read(ref value);
            Interlocked.Increment(ref reads);
            await gate.Task;
            return seen;
        });
        var first = reading.ReadAsync(default);
        while (Volatile.Read(ref reads) == 0)
        {
            await Task.Delay(1);
        }

        Volatile.Write(ref value, 2);
        var later = Enumerable.Range(0, 1000).Select(_ => reading.ReadAsync(default)).ToList();
        gate.SetResult();

        (await first).ShouldBe(1);
        (await Task.WhenAll(later)).ShouldAllBe(v => v == 2);
        reads.ShouldBe(2);
    }

    [Fact]
    public async Task A_reading_that_fails_fails_those_who_shared_it_and_no_others()
    {
        var reads = 0;
        var reading = new SharedReading<int>(() => ++reads == 1 ? Task.FromException<int>(new IOException("away")) : Task.FromResult(5));

        await Should.ThrowAsync<IOException>(() => reading.ReadAsync(default));

        (await reading.ReadAsync(default)).ShouldBe(5);
    }
}
