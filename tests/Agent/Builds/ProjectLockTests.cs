using VpsPilot.Agent.Builds;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Units;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Agent.Tests.Builds;

/// <summary>Which lock Nix is given from one deployment to the next, and what becomes of it.</summary>
[Collection("PATH")]
public sealed class ProjectLockTests : IDisposable
{
    private const string First = "nixpkgs-25_11";
    private const string Second = "nixpkgs-26_05";
    private static readonly string Old = Lock((First, 'a'));
    private static readonly string New = Lock((First, 'b'));
    private readonly AgentFolder folder = new();
    private readonly StandInNix nix;
    private readonly Lines output = new();

    public ProjectLockTests() => nix = new StandInNix(folder["programs"]);

    [Fact]
    public async Task The_first_build_makes_the_lock_and_later_ones_go_on_with_it_until_an_update_is_asked_for()
    {
        nix.Leaves(Old);
        await BuildAsync("one");
        nix.Given.ShouldBeNull();
        Kept.ShouldBe(Old);

        // Another flake of the project: the environment is built anew, from the same revision.
        nix.Leaves(Old);
        await BuildAsync("two");
        nix.Given.ShouldBe(Old);

        nix.Leaves(New);
        await BuildAsync("two", update: true);
        nix.Given.ShouldBeNull();
        Kept.ShouldBe(New);

        // The environment of the first flake is of the old revision, and is not good any more.
        nix.Leaves(New);
        (await BuildAsync("one")).IsKept.ShouldBeFalse();
        nix.Given.ShouldBe(New);
        output.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Projects_have_locks_of_their_own()
    {
        nix.Leaves(Old);
        await BuildAsync("one");
        nix.Leaves(New);
        await BuildAsync("one", project: "other");

        nix.Given.ShouldBeNull();
        Kept.ShouldBe(Old);
    }

    [Fact]
    public async Task A_committed_lock_is_given_to_Nix_byte_for_byte_and_nothing_changes_it_or_the_nodes()
    {
        nix.Leaves(New);
        await BuildAsync("one");
        File.WriteAllText(folder["committed"], Old);

        nix.Leaves(Old);
        var built = await BuildAsync("one", committed: true);

        nix.Given.ShouldBe(Old);
        File.ReadAllText(built.LockFile).ShouldBe(Old);
        File.ReadAllText(folder["committed"]).ShouldBe(Old);
        Kept.ShouldBe(New);
        (await BuildAsync("one", committed: true)).IsKept.ShouldBeTrue();
        output.All.ShouldBeEmpty();

        await BuildAsync("one", committed: true, update: true);
        output.All.ShouldHaveSingleItem().ShouldStartWith("nix.update_lock changes nothing");
        File.ReadAllText(folder["committed"]).ShouldBe(Old);
    }

    [Fact]
    public async Task What_a_committed_lock_does_not_pin_is_told_each_time_and_stays_what_it_was_at_first()
    {
        File.WriteAllText(folder["committed"], Old);
        var both = Lock((First, 'a'), (Second, 'c'));
        nix.Leaves(both);
        await BuildAsync("one", [First, Second], committed: true);

        nix.Given.ShouldBe(Old);
        Kept.ShouldBe(Lock((Second, 'c')));
        var warning = output.All.ShouldHaveSingleItem();
        warning.ShouldContain($"does not pin {Second},");
        warning.ShouldContain("commit flake/flake.lock of this release as vpspilot.flake.lock");

        nix.Leaves(both);
        await BuildAsync("two", [First, Second], committed: true);
        nix.Given.ShouldBe(both);
        output.All.ShouldBe([warning, warning]);
    }

    [Fact]
    public async Task An_input_that_the_site_replaces_need_not_be_pinned()
    {
        File.WriteAllText(folder["committed"], Old);
        nix.Leaves(Old);

        await BuildAsync("one", [First, Second], committed: true, settings: folder.Settings with { Nix = new() { OverrideInputs = new Dictionary<string, string> { [Second] = "path:/site" } } });

        output.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_committed_lock_for_another_release_of_nixpkgs_is_refused_with_the_input_and_what_to_do()
    {
        File.WriteAllText(folder["committed"], Old.Replace("nixos-25.11", "nixos-24.05", StringComparison.Ordinal));

        var failure = (await TryAsync("one", [First], committed: true)).Failure.ShouldNotBeNull();

        failure.Message.ShouldContain($"$.nodes.{First}.original.ref: It is locked for nixos-24.05, and this input is nixos-25.11.");
        failure.Hint.ShouldNotBeNull().ShouldContain("remove the file");
        nix.Given.ShouldBeNull();
    }

    public void Dispose()
    {
        nix.Dispose();
        folder.Dispose();
    }

    private string Kept => File.ReadAllText(folder.Paths.FlakeLock("p"));

    private async Task<BuiltEnvironment> BuildAsync(string text, string[]? inputs = null, bool committed = false, bool update = false, string project = "p", AgentSettings? settings = null)
    {
        var built = await TryAsync(text, inputs ?? [First], committed, update, project, settings);
        built.Failure.ShouldBeNull();
        return built.Value.ShouldNotBeNull();
    }

    private Task<Result<BuiltEnvironment>> TryAsync(string text, string[] inputs, bool committed = false, bool update = false, string project = "p", AgentSettings? settings = null)
    {
        settings ??= folder.Settings;
        var builder = new EnvironmentBuilder(folder.Paths, settings, new NixBuilder(folder.Paths, new TransientUnits(new ProcessRunner(TimeProvider.System)), settings), TimeProvider.System);
        return builder.BuildAsync(project, "vpspilot-build-test", new RenderedFlake(text, inputs), new LockChoice(null, committed ? folder["committed"] : null, update), output, default).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static string Lock(params (string Input, char Revision)[] pins) =>
        new FlakeLock(pins.ToDictionary(p => p.Input, p => new NixpkgsPin(new string(p.Revision, 40), "sha256-" + new string(p.Revision, 43) + "=", 1700000000), StringComparer.Ordinal)).Render(pins.Select(p => p.Input));

    private sealed class Lines : IOutputSink
    {
        public List<string> All { get; } = [];

        public string Write(string line)
        {
            All.Add(line);
            return line;
        }
    }
}
