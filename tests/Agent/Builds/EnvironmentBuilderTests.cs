using Microsoft.Extensions.Time.Testing;
using VpsPilot.Agent.Builds;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Units;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Agent.Tests.Builds;

public sealed class EnvironmentBuilderTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RenderedFlake Flake = new("no flake", []);
    private readonly AgentFolder folder = new();
    private readonly Lines output = new();

    [Fact]
    public async Task An_environment_that_is_used_again_counts_as_used_now_and_a_vain_update_of_its_lock_is_told()
    {
        var units = new TransientUnits(new ProcessRunner(TimeProvider.System));
        var builder = new EnvironmentBuilder(folder.Paths, folder.Settings, new NixBuilder(folder.Paths, units, folder.Settings), new FakeTimeProvider(Now));

        // The first build fails, since this is no flake, and leaves the folder: what Nix would have linked is linked here.
        (await BuildAsync(builder, new LockChoice(null, null, false))).Failure.ShouldNotBeNull();
        var kept = Directory.GetDirectories(folder.Paths.Environments("p")).ShouldHaveSingleItem();
        File.CreateSymbolicLink(Path.Combine(kept, "result"), Directory.CreateDirectory(folder["store"]).FullName);
        Directory.SetLastWriteTimeUtc(kept, Now.AddDays(-40).UtcDateTime);
        File.WriteAllText(folder["committed"], """{ "nodes": {} }""");

        (await BuildAsync(builder, new LockChoice(null, folder["committed"], true))).Value.ShouldNotBeNull().IsKept.ShouldBeTrue();

        Directory.GetLastWriteTimeUtc(kept).ShouldBe(Now.UtcDateTime);
        output.All.ShouldHaveSingleItem().ShouldStartWith("nix.update_lock changes nothing");
    }

    public void Dispose() => folder.Dispose();

    private Task<Result<BuiltEnvironment>> BuildAsync(EnvironmentBuilder builder, LockChoice choice) => builder.BuildAsync("p", "vpspilot-build-test", Flake, choice, output, default);

    private sealed class Lines : IOutputSink
    {
        public List<string> All { get; } = [];

        public string Write(string line)
        {
            if (line.StartsWith("nix.update_lock", StringComparison.Ordinal))
                All.Add(line);
            return line;
        }
    }
}
