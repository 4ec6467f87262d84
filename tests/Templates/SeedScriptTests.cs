using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Templates.Tests;

public sealed class SeedScriptTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("vpspilot-seed").FullName;

    [Fact]
    public async Task What_the_commit_has_is_what_a_project_begins_with()
    {
        Write("tree/.vpspilot/persist/storage/app/logo.txt", "logo");
        Write("tree/.vpspilot/persist/it's ${odd}/x", "odd");
        File.SetUnixFileMode(At("tree/.vpspilot/persist/storage/app/logo.txt"), UnixFileMode.UserRead);

        await SeedAsync("storage", "it's ${odd}", "uploads", "data/app.db", "v1.0/");

        File.ReadAllText(At("data/storage/app/logo.txt")).ShouldBe("logo");
        File.ReadAllText(At("data/it's ${odd}/x")).ShouldBe("odd");
        (File.GetUnixFileMode(At("data/storage/app/logo.txt")) & UnixFileMode.UserWrite).ShouldBe(UnixFileMode.UserWrite);
        Directory.Exists(At("data/uploads")).ShouldBeTrue();
        Directory.Exists(At("data/v1.0")).ShouldBeTrue();
        Directory.Exists(At("data/data")).ShouldBeTrue();
        File.Exists(At("data/data/app.db")).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_there_is_never_written_over()
    {
        Write("tree/.vpspilot/persist/storage/a", "of the commit");
        Write("data/storage/a", "of the app");
        Directory.CreateDirectory(At("data"));
        File.CreateSymbolicLink(At("data/uploads"), "/nonexistent");

        await SeedAsync("storage", "uploads");

        File.ReadAllText(At("data/storage/a")).ShouldBe("of the app");
        new FileInfo(At("data/uploads")).LinkTarget.ShouldBe("/nonexistent");
    }

    [Fact]
    public async Task A_copy_that_was_interrupted_is_made_anew()
    {
        Write("tree/.vpspilot/persist/storage/a", "whole");
        Write("data/storage.seed~/a", "ha");
        Write("data/storage.seed~/torn", "");

        await SeedAsync("storage");

        File.ReadAllText(At("data/storage/a")).ShouldBe("whole");
        File.Exists(At("data/storage/torn")).ShouldBeFalse();
        Directory.Exists(At("data/storage.seed~")).ShouldBeFalse();
    }

    [Fact]
    public void A_path_inside_another_is_part_of_that() =>
        PersistPaths.Of(new ProjectConfig { Persist = ["storage/app", "storage/", "storage", "db.sqlite3", ".cache", "conf.d/"] })
            .ShouldBe([new(".cache", true), new("conf.d", true), new("db.sqlite3", false), new("storage", true)]);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Task<string> SeedAsync(params string[] persist)
    {
        // As in a monorepo: the app's folder is two below the top of the tree.
        Directory.CreateDirectory(At("tree/apps/web"));
        Directory.CreateDirectory(At("data"));
        return Shell.RunAsync(SeedScript.Of("apps/web", PersistPaths.Of(new ProjectConfig { Persist = persist })), At("tree/apps/web"), ("VPSPILOT_DATA", At("data")));
    }

    private string At(string path) => Path.Combine(folder, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }
}
