using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VpsPilot.Agent.Hosting;

/// <summary>
/// The pages of program files that this process has touched. They stay in the kernel's page cache; letting go of them costs a minor fault each
/// when they are needed again, and frees them for others when they are not (madvise(2), <c>MADV_DONTNEED</c>; proc_pid_maps(5)).
/// </summary>
internal static partial class MappedPages
{
    private const int DontNeed = 4;

    /// <summary>Bits of a page's entry in proc_pid_pagemap(5): it is in memory, and it is the file's own. A private copy has the first alone.</summary>
    private const ulong Resident = 1UL << 63;
    private const ulong OfFile = 1UL << 61;

    private static readonly Lock Gate = new();
    private static HashSet<string> seen = [];

    /// <summary>
    /// Lets go of all pages that cannot be written to and are exactly the file's. A mapping that was not there the last time is left alone: a
    /// library that is being loaded changes its pages still.
    /// </summary>
    public static void Release()
    {
        lock (Gate)
        {
            try
            {
                var lines = File.ReadAllLines("/proc/self/maps");
                using var pagemap = File.OpenHandle("/proc/self/pagemap");
                foreach (var (start, pages) in ReadOnlyFiles(lines.Where(seen.Contains)).SelectMany(m => Runs(m.Start, Entries(pagemap, m.Start, m.Length))))
                    _ = Advise(start, (nuint)(pages * Environment.SystemPageSize), DontNeed);
                seen = [.. lines];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // This kernel does not say what is mapped: then the pages stay.
            }
        }
    }

    /// <summary>Private mappings of files that cannot be written to.</summary>
    internal static IEnumerable<(nint Start, nint Length)> ReadOnlyFiles(IEnumerable<string> maps)
    {
        foreach (var line in maps)
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var range, ['r', '-', _, 'p'], _, _, _, ['/', ..], ..] && range.Split('-') is [var from, var to])
                yield return (Address(from), Address(to) - Address(from));
        }
    }

    /// <summary>Neighbouring pages that are in memory and the file's own: where they begin, and how many.</summary>
    internal static IEnumerable<(nint Start, int Pages)> Runs(nint start, IReadOnlyList<ulong> entries)
    {
        for (var first = 0; first < entries.Count;)
        {
            var end = first;
            while (end < entries.Count && (entries[end] & (Resident | OfFile)) == (Resident | OfFile))
                end++;
            if (end > first)
                yield return (start + (first * Environment.SystemPageSize), end - first);
            first = end + 1;
        }
    }

    private static ulong[] Entries(SafeFileHandle pagemap, nint start, nint length)
    {
        var entries = new ulong[length / Environment.SystemPageSize];
        var read = RandomAccess.Read(pagemap, MemoryMarshal.AsBytes(entries.AsSpan()), start / Environment.SystemPageSize * sizeof(ulong));
        return read == entries.Length * sizeof(ulong) ? entries : [];
    }

    private static nint Address(string hex) => nint.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint address, nuint length, int advice);
}
