using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using VpsPilot.Agent.Backups;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Tests.Backups;

public sealed class BackupTests : IDisposable
{
    private const string Project = "shop";

    private readonly TempFolder folder = new();
    private readonly AgentPaths paths;
    private readonly ReleaseStore releases;
    private readonly BackupStore store;
    private readonly BackupMaker maker;
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly ReleaseManifest release;

    public BackupTests()
    {
        paths = new AgentPaths(new AgentSettings { Root = folder.Path });
        releases = new ReleaseStore(paths);
        store = new BackupStore(paths);
        maker = new BackupMaker(paths, releases, store, new ProcessRunner(TimeProvider.System), time);
        release = new ReleaseManifest { ReleaseId = "r1", Commit = new string('a', 40), StorePath = folder["store"], ClosureBytes = 1, Config = new ProjectConfig { Type = ProjectType.NodeJs }, BuiltAt = time.GetUtcNow() };
        releases.Save(Project, release);
    }

    [Fact]
    public async Task An_archive_has_data_without_caches_and_the_env_and_its_checksum_beside()
    {
        maker.HasContent(Project, release).ShouldBeFalse();
        Write("data/.npm/cached", "x");
        maker.HasContent(Project, release).ShouldBeFalse();
        Write("data/uploads/photo.txt", "a photo");
        Write("data/.cache/x", "x");
        Write("releases/r1/.env", "A=\"1\"\n");
        var backup = (await MakeAsync("c1")).ShouldNotBeNull();

        var file = store.FileOf(backup);
        (await RunAsync("tar", "--list", "--file", file)).Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["data/", "data/uploads/", "data/uploads/photo.txt", ".env"]);
        (await RunAsync("sh", "-c", $"cd '{paths.BackupsOf(Project)}' && sha256sum --check '{Path.GetFileName(file)}.sha256'")).ShouldContain(": OK");
        (File.GetUnixFileMode(paths.BackupsOf(Project)) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)).ShouldBe(UnixFileMode.None);
        var listed = store.Describe(Project).ShouldHaveSingleItem();
        (listed.Id, listed.ReleaseId, listed.Bytes, listed.Sha256, listed.CreatedAt).ShouldBe((backup.Id, "r1", new FileInfo(file).Length, backup.Sha256, time.GetUtcNow()));

        // The same command gets the archive that is there.
        (await MakeAsync("c1")).ShouldBe(backup);
        Directory.GetFiles(paths.BackupsOf(Project)).Length.ShouldBe(3);
    }

    [Fact]
    public async Task The_newest_stay_and_so_does_what_an_emergency_goes_back_to()
    {
        Write("data/x", "x");
        for (var i = 0; i < 4; i++)
            await MakeAsync($"c{i}");
        await MakeAsync("aside-1", isAside: true);
        await MakeAsync("aside-2", isAside: true);
        store.Last(Project)!.CommandId.ShouldBe("c3");
        File.WriteAllText(Path.Combine(paths.BackupsOf(Project), "20260101-000000-abcdef.tar.zst.tmp"), "interrupted");
        store.Prune(Project, keep: 2);
        store.List(Project).Select(b => b.CommandId).ShouldBe(["aside-2", "aside-1", "c3"]);
        Directory.GetFiles(paths.BackupsOf(Project)).Length.ShouldBe(9);
    }

    [Fact]
    public async Task An_archive_that_cannot_be_made_leaves_nothing()
    {
        Write("data/x", "x");
        Directory.CreateDirectory(paths.Backups);
        File.WriteAllText(paths.BackupsOf("broken"), "a file where a folder should be");
        await Should.ThrowAsync<IOException>(() => maker.MakeAsync("broken", release, "c1", false, "backup", default));
        store.List("broken").ShouldBeEmpty();
    }

    public void Dispose() => folder.Dispose();

    private void Write(string name, string text)
    {
        var file = Path.Combine(paths.Project(Project), name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private async Task<Backup?> MakeAsync(string command, bool isAside = false)
    {
        time.Advance(TimeSpan.FromSeconds(1));
        return (await maker.MakeAsync(Project, release, command, isAside, "backup", default)).Value;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        process.ExitCode.ShouldBe(0);
        return output;
    }
}
