using System.Text;
using VpsPilot.Agent.Processes;

namespace VpsPilot.Agent.Tests.Processes;

public sealed class TailBufferTests
{
    [Fact]
    public void The_last_lines_are_kept_within_the_limit()
    {
        var tail = new TailBuffer();
        for (var i = 0; i < 1000; i++)
            tail.Add($"line {i} ü");
        Encoding.UTF8.GetByteCount(tail.ToString()).ShouldBeInRange(TailBuffer.MaxBytes - 20, TailBuffer.MaxBytes);
        tail.ToString().ShouldEndWith("line 999 ü");
    }

    [Fact]
    public void One_huge_line_does_not_push_out_all_others()
    {
        var tail = new TailBuffer();
        tail.Add("first");
        tail.Add(new string('x', 100_000));
        tail.ToString().ShouldStartWith("first\nxxx");
    }
}
