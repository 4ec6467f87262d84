using System.Text;

namespace VpsPilot.Agent.Operations;

/// <summary>Reads the last lines of a file, then those that are added. A file that gets shorter was put aside, and is read from its beginning.</summary>
internal sealed class FileFollower(string path)
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>So much of the end is looked at, however many lines are asked for.</summary>
    private const int MaxTail = 4 * 1024 * 1024;

    private const int MaxStep = 1024 * 1024;

    private long offset;
    private byte[] begun = [];

    /// <summary>The last lines, oldest first. A line that is not ended yet comes with <see cref="Next"/>.</summary>
    public IReadOnlyList<string> Last(int count)
    {
        using var file = Open();
        if (file is null)
            return [];
        offset = Math.Max(0, file.Length - MaxTail);
        var isCut = offset > 0;
        var lines = Read(file, MaxTail);
        return [.. (isCut ? lines.Skip(1) : lines).TakeLast(count)];
    }

    /// <summary>Lines that were ended since.</summary>
    public IReadOnlyList<string> Next()
    {
        using var file = Open();
        if (file is null)
            return [];
        if (file.Length < offset)
            (offset, begun) = (0, []);
        return Read(file, MaxStep);
    }

    private List<string> Read(FileStream file, int most)
    {
        file.Position = offset;
        var buffer = new byte[Math.Min(most, file.Length - offset)];
        var read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        offset += read;
        byte[] bytes = [.. begun, .. buffer.AsSpan(0, read)];
        var end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        begun = bytes[end..];
        if (begun.Length > MaxStep)
            (begun, end) = ([], bytes.Length);
        return end == 0 ? [] : [.. Encoding.UTF8.GetString(bytes, 0, end).TrimEnd('\n').Split('\n').Select(l => l.TrimEnd('\r'))];
    }

    private FileStream? Open()
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
