using System.Runtime.InteropServices;
using VpsPilot.Agent.Hosting;

namespace VpsPilot.Agent.Tests.Hosting;

public sealed class MappedPagesTests
{
    private const ulong Private = 1UL << 63;
    private const ulong OfFile = Private | (1UL << 61);

    [Fact]
    public void Only_private_mappings_of_files_that_cannot_be_written_to_are_looked_at()
    {
        const string Maps = """
            1000-2000 r-xp 00000000 00:29 1 /bin/app
            2000-3000 rw-p 00002000 00:29 1 /bin/app
            3000-4000 r--s 00002000 00:29 1 /run/shared
            4000-5000 r--p 00000000 00:00 0
            5000-9000 r--p 00000000 00:29 2 /usr/lib/a b.so
            9000-a000 r-xp 00000000 00:00 0 [vdso]
            """;
        MappedPages.ReadOnlyFiles(Maps.Split('\n')).ShouldBe([(0x1000, 0x1000), (0x5000, 0x4000)]);
    }

    [Fact]
    public void A_private_copy_of_a_page_and_one_that_is_not_there_stay_as_they_are()
    {
        var page = Environment.SystemPageSize;
        MappedPages.Runs(page, [OfFile, OfFile, Private, OfFile, 0, 0, OfFile]).ShouldBe([(page, 2), (4 * page, 1), (7 * page, 1)]);
        MappedPages.Runs(page, []).ShouldBeEmpty();
        MappedPages.Runs(page, [0, Private]).ShouldBeEmpty();
    }

    [Fact]
    public void Pages_that_were_only_read_are_let_go_and_what_was_written_into_one_is_there_still()
    {
        const int Pages = 4, Read = 1, ReadAndWrite = 3, PrivateMapping = 2;
        var (page, length) = (Environment.SystemPageSize, (nuint)(Pages * Environment.SystemPageSize));
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["file"], new byte[Pages * page]);
        using var file = File.OpenHandle(folder["file"]);
        var at = Map(0, length, ReadAndWrite, PrivateMapping, (int)file.DangerousGetHandle(), 0);
        Marshal.WriteByte(at, page, 42);
        Protect(at, length, Read).ShouldBe(0);
        for (var i = 0; i < Pages; i++)
            _ = Marshal.ReadByte(at, i * page);
        ResidentOf(at).ShouldBe(Pages * page / 1024);

        // A mapping is left alone when it is seen for the first time.
        MappedPages.Release();
        MappedPages.Release();
        ResidentOf(at).ShouldBe(page / 1024);
        Marshal.ReadByte(at, page).ShouldBe((byte)42);
        Marshal.ReadByte(at).ShouldBe((byte)0);
        Unmap(at, length).ShouldBe(0);
    }

    /// <summary>In kB.</summary>
    private static int ResidentOf(nint mapping) =>
        int.Parse(File.ReadLines("/proc/self/smaps").SkipWhile(l => !l.StartsWith($"{mapping:x}-", StringComparison.Ordinal)).First(l => l.StartsWith("Rss:", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect")]
    private static extern int Protect(nint address, nuint length, int protection);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(nint address, nuint length);
}
