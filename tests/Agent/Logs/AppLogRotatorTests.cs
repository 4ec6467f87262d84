using VpsPilot.Agent.Logs;

namespace VpsPilot.Agent.Tests.Logs;

public sealed class AppLogRotatorTests : IDisposable
{
    private readonly TempFolder folder = new();

    [Fact]
    public void A_writer_that_has_the_log_open_goes_on_in_the_emptied_file()
    {
        var log = folder["app.log"];
        using var writer = new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        foreach (var round in new[] { "first", "second", "third", "fourth" })
        {
            writer.Write(System.Text.Encoding.UTF8.GetBytes(round + "\n"));
            AppLogRotator.Rotate(log, keep: 2);
        }

        // .NET writes at its own offset; systemd opens with O_APPEND, which the test on the VPS shows.
        new FileInfo(log).Length.ShouldBe(0);
        File.ReadAllText(log + ".1").TrimStart('\0').ShouldBe("fourth\n");
        File.ReadAllText(log + ".2").TrimStart('\0').ShouldBe("third\n");
        File.Exists(log + ".3").ShouldBeFalse();
        Directory.GetFiles(folder.Path).Length.ShouldBe(3);
    }

    public void Dispose() => folder.Dispose();
}
