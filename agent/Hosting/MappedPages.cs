using System.Globalization;
using System.Runtime.InteropServices;

namespace VpsPilot.Agent.Hosting;

/// <summary>
/// The pages of program files that this process has touched. They stay in the kernel's page cache; letting go of them costs a minor fault each
/// when they are needed again, and frees them for others when they are not (madvise(2), <c>MADV_DONTNEED</c>; proc_pid_smaps(5)).
/// </summary>
internal static partial class MappedPages
{
    private const int DontNeed = 4;

    /// <summary>Lets go of all mappings that are read-only, of a file, and unchanged: their content is exactly the file's.</summary>
    public static void Release()
    {
        try
        {
            foreach (var (start, length) in Unchanged(File.ReadAllLines("/proc/self/smaps")))
                _ = Advise(start, length, DontNeed);
        }
        catch (IOException)
        {
            // No smaps on this kernel: then the pages stay.
        }
    }

    internal static IEnumerable<(nint Start, nuint Length)> Unchanged(IEnumerable<string> smaps)
    {
        (nint Start, nuint Length)? candidate = null;
        foreach (var line in smaps)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is [var range, ['r', '-', _, 'p'], _, _, _, ['/', ..], ..] && range.Split('-') is [var from, var to])
                candidate = Range(from, to);
            else if (words is [[.., not ':'], ..] && line.Contains('-', StringComparison.Ordinal) && char.IsAsciiHexDigitLower(line[0]))
                candidate = null;
            else if (words is ["Private_Dirty:" or "Shared_Dirty:" or "Anonymous:" or "Swap:", not "0", ..])
                candidate = null;
            else if (words is ["VmFlags:", ..] && candidate is { } unchanged)
                yield return unchanged;
        }
    }

    private static (nint Start, nuint Length) Range(string from, string to)
    {
        var start = nint.Parse(from, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (start, (nuint)(nint.Parse(to, NumberStyles.HexNumber, CultureInfo.InvariantCulture) - start));
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint address, nuint length, int advice);
}
