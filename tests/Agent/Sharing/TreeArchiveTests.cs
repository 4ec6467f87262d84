using System.Formats.Tar;
using System.IO.Compression;
using VpsPilot.Agent.Sharing;

namespace VpsPilot.Agent.Tests.Sharing;

/// <summary>What is unpacked is what was packed, and nothing is written outside of the folder, whatever the archive has.</summary>
public sealed class TreeArchiveTests : IDisposable
{
    private readonly TempFolder folder = new();

    [Fact]
    public async Task A_tree_comes_out_as_it_went_in()
    {
        var tree = MakeTree("tree");
        await File.WriteAllTextAsync(folder["flake.lock"], "{}");

        var bytes = await TreePacker.PackAsync(tree, folder["flake.lock"], folder["a.tar.gz"], default);
        (await UnpackAsync(folder["a.tar.gz"], "out", bytes)).ShouldBeNull();

        Listing(folder["out/tree"]).ShouldBe(Listing(tree));
        (await File.ReadAllTextAsync(folder["out/flake.lock"])).ShouldBe("{}");
    }

    [Fact]
    public async Task The_same_tree_gives_the_same_archive_whoever_owns_it_and_whenever_it_was_made()
    {
        var first = MakeTree("first");
        var second = MakeTree("second");
        foreach (var file in Directory.EnumerateFiles(second, "*", SearchOption.AllDirectories).Where(f => new FileInfo(f).LinkTarget is null))
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(20));
        File.SetUnixFileMode(Path.Combine(second, "main.py"), UnixFileMode.UserRead);

        await TreePacker.PackAsync(first, null, folder["first.tar.gz"], default);
        await TreePacker.PackAsync(second, null, folder["second.tar.gz"], default);

        (await File.ReadAllBytesAsync(folder["second.tar.gz"])).ShouldBe(await File.ReadAllBytesAsync(folder["first.tar.gz"]));
        await File.AppendAllTextAsync(Path.Combine(second, "deep/er/data.bin"), "x");
        await TreePacker.PackAsync(second, null, folder["third.tar.gz"], default);
        (await File.ReadAllBytesAsync(folder["third.tar.gz"])).ShouldNotBe(await File.ReadAllBytesAsync(folder["first.tar.gz"]));
    }

    [Theory]
    [InlineData("../outside", "leads out")]
    [InlineData("/outside", "leads out")]
    [InlineData("tree/../../outside", "leads out")]
    [InlineData("tree//outside", "leads out")]
    [InlineData("tree/./outside", "leads out")]
    [InlineData("elsewhere/outside", "no folder")]
    [InlineData("tree/link/outside", "no folder")]
    [InlineData("tree/link", "twice")]
    public async Task A_file_that_would_be_written_elsewhere_is_refused(string name, string why)
    {
        Archive(tar =>
        {
            tar.WriteEntry(new GnuTarEntry(TarEntryType.Directory, "tree/"));
            tar.WriteEntry(new GnuTarEntry(TarEntryType.SymbolicLink, "tree/link") { LinkName = folder.Path });
            tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("bad"u8.ToArray()) });
        });

        (await RefusalAsync()).ShouldContain(why);

        Directory.EnumerateFiles(folder.Path, "outside", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_does_not_take_the_place_of_a_link()
    {
        Archive(tar =>
        {
            tar.WriteEntry(new GnuTarEntry(TarEntryType.Directory, "tree/"));
            tar.WriteEntry(new GnuTarEntry(TarEntryType.SymbolicLink, "tree/link") { LinkName = "/nowhere" });
            tar.WriteEntry(new GnuTarEntry(TarEntryType.Directory, "tree/link/"));
        });

        (await RefusalAsync()).ShouldContain("twice");
    }

    [Theory]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.Fifo)]
    public async Task What_a_tree_does_not_have_is_refused(TarEntryType type)
    {
        Archive(tar =>
        {
            var entry = new PaxTarEntry(type, "thing");
            if (type == TarEntryType.HardLink)
                entry.LinkName = "/etc/passwd";
            tar.WriteEntry(entry);
        });

        (await RefusalAsync()).ShouldContain("neither a file");
    }

    [Fact]
    public async Task No_more_is_unpacked_than_was_said()
    {
        var bytes = await TreePacker.PackAsync(MakeTree("tree"), null, folder["a.tar.gz"], default);

        (await RefusalAsync(bytes - 1)).ShouldContain("more than");
    }

    [Fact]
    public async Task A_damaged_archive_is_refused()
    {
        await TreePacker.PackAsync(MakeTree("tree"), null, folder["a.tar.gz"], default);
        var whole = await File.ReadAllBytesAsync(folder["a.tar.gz"]);
        await File.WriteAllBytesAsync(folder["a.tar.gz"], whole[..(whole.Length / 2)]);
        (await RefusalAsync()).ShouldBe("it is damaged");

        await File.WriteAllTextAsync(folder["a.tar.gz"], "no archive at all");
        (await RefusalAsync()).ShouldBe("it is damaged");
    }

    public void Dispose() => folder.Dispose();

    private string MakeTree(string name)
    {
        var tree = Directory.CreateDirectory(folder[name]).FullName;
        Directory.CreateDirectory(Path.Combine(tree, "deep/er"));
        Directory.CreateDirectory(Path.Combine(tree, "empty"));
        var longName = new string('l', 200);
        File.WriteAllText(Path.Combine(tree, "main.py"), "print('hello')\n");
        File.WriteAllText(Path.Combine(tree, "größe.txt"), "");
        File.WriteAllText(Path.Combine(tree, "deep", longName), "long");
        File.WriteAllBytes(Path.Combine(tree, "deep/er/data.bin"), [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * i >> 3))]);
        File.WriteAllText(Path.Combine(tree, ".hidden"), "seen");
        File.WriteAllText(Path.Combine(tree, "run"), "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Combine(tree, "run"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(Path.Combine(tree, "data"), "/opt/vpspilot/projects/p1/data/" + longName);
        File.CreateSymbolicLink(Path.Combine(tree, "up"), "../outside");
        File.CreateSymbolicLink(Path.Combine(tree, "folder-link"), "deep/er");
        return tree;
    }

    /// <summary>What the Nix store sees of a tree: names, contents, what can be run, and where links lead.</summary>
    private static List<string> Listing(string tree) =>
    [
        .. new DirectoryInfo(tree).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(i => Path.GetRelativePath(tree, i.FullName) + " " + i switch
            {
                { LinkTarget: { } target } => "-> " + target,
                DirectoryInfo => "folder",
                _ => $"{i.UnixFileMode.HasFlag(UnixFileMode.UserExecute)} {Convert.ToHexString(File.ReadAllBytes(i.FullName))}",
            }).Order(StringComparer.Ordinal),
    ];

    private void Archive(Action<TarWriter> write)
    {
        using var file = File.Create(folder["a.tar.gz"]);
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(gzip, TarEntryFormat.Pax);
        write(tar);
    }

    private async Task<string> RefusalAsync(long maxBytes = long.MaxValue) =>
        (await UnpackAsync(folder["a.tar.gz"], "refused" + Guid.NewGuid().ToString("N"), maxBytes)).ShouldNotBeNull();

    private Task<string?> UnpackAsync(string archive, string to, long maxBytes) =>
        TreeUnpacker.UnpackAsync(archive, Directory.CreateDirectory(folder[to]).FullName, maxBytes, default);
}
