using System.Text;
using CsCheck;
using VpsPilot.Agent.Processes;

namespace VpsPilot.Agent.Tests.Processes;

public sealed class LineSplitterTests
{
    [Fact]
    public void Lines_are_the_same_however_the_stream_is_cut() =>
        Gen.Select(Gen.OneOfConst("a", "ü", "€", "😀", "\n", "xyz", " ").Array[0, 60], Gen.Int[1, 7]).Sample(
            (parts, size) =>
            {
                var text = string.Concat(parts);
                var expected = text.Split('\n').ToList();
                if (expected[^1].Length == 0)
                    expected.RemoveAt(expected.Count - 1);
                Read(Encoding.UTF8.GetBytes(text), size).ShouldBe(expected);
            },
            seed: "0000KeCFbhj4", iter: 500);

    [Fact]
    public void A_line_without_an_end_is_cut_at_its_limit()
    {
        var lines = Read(Encoding.UTF8.GetBytes(new string('x', (3 * LineSplitter.MaxLine) + 5)), 1000);
        lines.Select(l => l.Length).ShouldBe([LineSplitter.MaxLine, LineSplitter.MaxLine, LineSplitter.MaxLine, 5]);
    }

    [Fact]
    public void A_progress_bar_is_shown_in_its_last_state() => Read("10%\r50%\r100%\r\nnext\r\n"u8.ToArray(), 3).ShouldBe(["100%", "next"]);

    private static List<string> Read(byte[] bytes, int size)
    {
        var lines = new List<string>();
        LineSplitter.ReadAsync(new Chunked(bytes, size), lines.Add, default).Wait(TimeSpan.FromSeconds(10)).ShouldBeTrue();
        return lines;
    }

    private sealed class Chunked(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
