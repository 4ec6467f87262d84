using VpsPilot.Agent.Builds;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Tests.Builds;

public sealed class PersistentPathsTests : IDisposable
{
    private readonly TempFolder folder = new();

    [Fact]
    public void Each_path_becomes_a_link_and_its_content_is_laid_aside()
    {
        Write("apps/web/storage/a", "a");
        Write("apps/web/db.sqlite3", "db");

        Link("storage", "db.sqlite3", "uploads", "deep/er").ShouldBeNull();

        Target("apps/web/storage").ShouldBe(Data("storage"));
        Target("apps/web/db.sqlite3").ShouldBe(Data("db.sqlite3"));
        Target("apps/web/uploads").ShouldBe(Data("uploads"));
        Target("apps/web/deep/er").ShouldBe(Data("deep/er"));
        File.ReadAllText(At(".vpspilot/persist/storage/a")).ShouldBe("a");
        File.ReadAllText(At(".vpspilot/persist/db.sqlite3")).ShouldBe("db");
    }

    [Fact]
    public void A_path_through_a_link_is_refused_and_nothing_behind_it_is_touched()
    {
        var elsewhere = Directory.CreateDirectory(folder["elsewhere"]).FullName;
        File.WriteAllText(Path.Combine(elsewhere, "shadow"), "secret");
        Write("apps/web/x", "");
        File.CreateSymbolicLink(At("apps/web/etc"), elsewhere);

        var failure = Link("storage", "etc/shadow/").ShouldNotBeNull();

        failure.Step.ShouldBe(Stages.Seal);
        failure.Problems.ShouldHaveSingleItem().Path.ShouldBe("$.persist[1]");
        failure.Message.ShouldContain("apps/web/etc");
        File.ReadAllText(Path.Combine(elsewhere, "shadow")).ShouldBe("secret");
    }

    [Fact]
    public void A_link_that_the_build_left_at_the_path_itself_is_replaced_and_not_followed()
    {
        Write("apps/web/x", "");
        File.CreateSymbolicLink(At("apps/web/storage"), "/etc");

        Link("storage").ShouldBeNull();

        Target("apps/web/storage").ShouldBe(Data("storage"));
        Directory.Exists("/etc").ShouldBeTrue();
    }

    [Theory]
    [InlineData(".vpspilot/persist/storage/x")]
    [InlineData(".vpspilot")]
    public void The_name_of_the_folder_for_it_is_taken(string file)
    {
        Write("apps/web/x", "");
        Write(file, "");

        Link("storage").ShouldNotBeNull().Message.ShouldContain(".vpspilot");
    }

    public void Dispose() => folder.Dispose();

    private Failure? Link(params string[] persist) => new PersistentPaths(new AgentPaths(new AgentSettings { Root = folder["root"] }), new TransientUnits(new ProcessRunner(TimeProvider.System)))
        .Link("shop", folder["source"], new ProjectConfig { Root = "apps/web", Persist = persist });

    private string At(string path) => Path.Combine(folder["source"], path);

    private string Data(string path) => Path.Combine(folder["root"], "projects/shop/data", path);

    private string? Target(string path) => new FileInfo(At(path)).LinkTarget;

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }
}
