using VpsPilot.Agent.Hosting;

namespace VpsPilot.Agent.Tests.Hosting;

public sealed class MappedPagesTests
{
    [Fact]
    public void Only_unchanged_read_only_mappings_of_files_are_let_go()
    {
        const string Smaps = """
            1000-2000 r-xp 00000000 00:29 1 /bin/app
            Private_Dirty:         0 kB
            Anonymous:             0 kB
            VmFlags: rd ex mr
            2000-3000 r--p 00001000 00:29 1 /bin/app
            Private_Dirty:         8 kB
            VmFlags: rd mr
            3000-4000 rw-p 00002000 00:29 1 /bin/app
            Private_Dirty:         0 kB
            VmFlags: rd wr
            4000-5000 r--p 00000000 00:00 0
            Private_Dirty:         0 kB
            VmFlags: rd
            5000-9000 r--p 00000000 00:29 2 /usr/lib/a b.so
            Private_Dirty:         0 kB
            VmFlags: rd mr
            """;
        MappedPages.Unchanged(Smaps.Split('\n')).ShouldBe([(0x1000, 0x1000u), (0x5000, 0x4000u)]);
    }

    [Fact]
    public void A_process_that_let_go_runs_on()
    {
        MappedPages.Release();
        Enumerable.Range(0, 1000).Sum().ShouldBe(499500);
    }
}
