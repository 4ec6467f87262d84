using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Keys;

namespace VpsPilot.Functions.Tests.Keys;

public sealed class KeyFilesTests : KeyStoreContract, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<KeyFiles> opened = [];

    [Fact]
    public async Task A_file_can_be_read_by_its_owner_only()
    {
        await Open().ReadOrCreateAsync("one", () => "first", default);
        await Open().ReplaceAsync("one", "first", "second", default);

        File.GetUnixFileMode(Path.Combine(folder.Path, "one.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.EnumerateFiles(folder.Path).Count().ShouldBe(1);
    }

    [Fact]
    public async Task Threads_that_start_at_once_end_with_the_same_text()
    {
        var store = Open();

        var texts = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => store.ReadOrCreateAsync("one", () => $"maker {i}", default))));

        texts.Distinct().Count().ShouldBe(1);
    }

    public void Dispose()
    {
        opened.ForEach(o => o.Dispose());
        folder.Dispose();
    }

    internal override IKeyStore Open()
    {
        opened.Add(new KeyFiles(new DataDirectory(new ControlPlaneOptions { StorageDirectory = folder.Path })));
        return opened[^1];
    }
}
