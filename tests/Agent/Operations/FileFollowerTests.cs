using VpsPilot.Agent.Logs;
using VpsPilot.Agent.Operations;

namespace VpsPilot.Agent.Tests.Operations;

public sealed class FileFollowerTests : IDisposable
{
    private readonly TempFolder folder = new();

    [Fact]
    public void The_last_lines_come_first_then_each_line_once_it_is_ended()
    {
        var (file, follower) = (folder["app.log"], new FileFollower(folder["app.log"]));
        follower.Last(10).ShouldBeEmpty();
        follower.Next().ShouldBeEmpty();
        File.WriteAllText(file, "1\n2\r\n3\nhal");
        follower.Last(2).ShouldBe(["2", "3"]);
        follower.Next().ShouldBeEmpty();
        File.AppendAllText(file, "f\n\nmore\n");
        follower.Next().ShouldBe(["half", "", "more"]);
        follower.Next().ShouldBeEmpty();
    }

    [Fact]
    public void A_log_that_is_put_aside_is_read_from_its_beginning()
    {
        var (file, follower) = (folder["app.log"], new FileFollower(folder["app.log"]));
        File.WriteAllText(file, "a long first line\nunfinished");
        follower.Last(5).ShouldBe(["a long first line"]);
        AppLogRotator.Rotate(file, keep: 2);
        File.AppendAllText(file, "new\n");
        follower.Next().ShouldBe(["new"]);
    }

    [Fact]
    public void Of_a_large_file_only_the_end_is_read_and_it_begins_with_a_whole_line()
    {
        File.WriteAllLines(folder["app.log"], Enumerable.Range(0, 1_000_000).Select(i => $"line {i}"));
        var lines = new FileFollower(folder["app.log"]).Last(10_000_000);
        lines[^1].ShouldBe("line 999999");
        lines.Count.ShouldBeInRange(300_000, 400_000);
        lines[0].ShouldBe($"line {1_000_000 - lines.Count}");
    }

    public void Dispose() => folder.Dispose();
}
