using VpsPilot.Agent.Journal;

namespace VpsPilot.Agent.Tests.Journal;

public sealed class DurableFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    [Fact]
    public void A_write_replaces_the_file_and_sets_its_mode()
    {
        DurableFile.Write(folder["a"], "one"u8, DurableFile.Readable);
        DurableFile.Write(folder["a"], "two"u8);
        File.ReadAllText(folder["a"]).ShouldBe("two");
        File.GetUnixFileMode(folder["a"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(folder.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_write_that_cannot_be_done_leaves_the_earlier_content()
    {
        Directory.CreateDirectory(folder["a"]);
        Should.Throw<Exception>(() => DurableFile.Write(folder["a"], "x"u8));
        Directory.Exists(folder["a"]).ShouldBeTrue();
        Directory.GetFiles(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void A_link_to_a_folder_is_replaced_and_not_followed()
    {
        Directory.CreateDirectory(folder["one"]);
        Directory.CreateDirectory(folder["two"]);
        DurableFile.Link(folder["current"], folder["one"]);
        DurableFile.Link(folder["current"], folder["two"]);
        new FileInfo(folder["current"]).LinkTarget.ShouldBe(folder["two"]);
        Directory.GetFileSystemEntries(folder["one"]).ShouldBeEmpty();
        Directory.GetFileSystemEntries(folder.Path).Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_link_that_is_switched_is_there_at_every_moment()
    {
        Directory.CreateDirectory(folder["one"]);
        File.WriteAllText(Path.Combine(folder["one"], "f"), "x");
        DurableFile.Link(folder["current"], folder["one"]);
        using var stop = new CancellationTokenSource();
        using var reading = new ManualResetEventSlim();
        var reader = Task.Factory.StartNew(() =>
        {
            var gaps = 0;
            for (; !stop.IsCancellationRequested; reading.Set())
                gaps += File.Exists(Path.Combine(folder["current"], "f")) ? 0 : 1;
            return gaps;
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        reading.Wait(TimeSpan.FromSeconds(10)).ShouldBeTrue();
        for (var i = 0; i < 200; i++)
            DurableFile.Link(folder["current"], folder["one"]);
        await stop.CancelAsync();
        (await reader.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe(0);
    }

    [Fact]
    public void A_folder_that_is_not_there_cannot_be_flushed() => Should.Throw<IOException>(() => DurableFile.FlushDirectory(folder["no"]));

    public void Dispose() => folder.Dispose();
}
