using System.Diagnostics;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Engine.Storage;
using VpsPilot.Embedded.DurableTask.Testing;
using VpsPilot.Embedded.DurableTask.Tests.Programs;
using Xunit.Abstractions;

namespace VpsPilot.Embedded.DurableTask.Tests.Crashes;

/// <summary>The engine is killed with SIGKILL again and again while it works. VPSPILOT_CRASHES sets how often, VPSPILOT_SEED the seed.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // On a busy machine the killed lives leave it most of the work.
    private static readonly TimeSpan LimitOfTheLast = TimeSpan.FromMinutes(15);
    private static readonly int Kills = Setting("VPSPILOT_CRASHES", 200);
    private static readonly int Seed = Setting("VPSPILOT_SEED", 20261124);

    [Fact]
    public async Task Every_instance_ends_with_the_right_result_and_no_recorded_step_runs_again()
    {
        var instances = Kills * 15;
        output.WriteLine($"seed {Seed}, {Kills} kills, {instances} instances");
        using var folder = new TemporaryFolder();
        var random = new Random(Seed);
        var recorded = new RecordedResults(folder.Path);
        for (var killed = 0; killed < Kills;)
        {
            if (random.Next(10) == 0)
            {
                using var young = Start(folder.Path, instances);
                await Task.Delay(random.Next(50, 600)); // Before it is ready, most times: while it opens the file and takes up what was left.
                young.Kill();
                killed++;
                await young.WaitForExitAsync().WaitAsync(Limit);
                recorded.Look();
                continue;
            }

            using var child = await StartAsync(folder.Path, instances);
            var ended = child.StandardOutput.ReadLineAsync();
            await Task.WhenAny(ended, Task.Delay(random.Next(1, 80)));
            if (ended.IsCompleted)
            {
                instances += Kills; // It ended before its time: the next life gets more to do.
            }
            else
            {
                child.Kill();
                killed++;
            }

            await child.WaitForExitAsync().WaitAsync(Limit);
            recorded.Look();
        }

        using (var last = await StartAsync(folder.Path, instances))
        {
            (await last.StandardOutput.ReadLineAsync().WaitAsync(LimitOfTheLast)).ShouldBe("done");
            await last.WaitForExitAsync().WaitAsync(Limit);
        }

        recorded.Look();
        output.WriteLine($"{recorded.Count} recorded results");
        recorded.Count.ShouldBeGreaterThan(0);
        await ResultsShouldBeRightAsync(folder.Path, instances);
        RecordedStepsShouldNotRunAgain(await File.ReadAllLinesAsync(Path.Combine(folder.Path, "ran.log")));
    }

    [Fact]
    public async Task A_second_process_on_the_same_file_is_refused_until_the_first_is_dead()
    {
        using var folder = new TemporaryFolder();
        using var first = await StartAsync(folder.Path, 100_000);

        (await Should.ThrowAsync<HubUnavailableException>(() => DurableTaskTestHost.StartAsync(_ => { }, databasePath: Path.Combine(folder.Path, "hub.db")))).Message.ShouldContain("open in another process");

        first.Kill();
        await first.WaitForExitAsync().WaitAsync(Limit);
        await using var second = await DurableTaskTestHost.StartAsync(_ => { }, databasePath: Path.Combine(folder.Path, "hub.db"));
        (await second.Client.GetInstanceAsync("none")).ShouldBeNull();
    }

    private static async Task ResultsShouldBeRightAsync(string folder, int instances)
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => Interpreter.Register(r, (_, _) => { }), databasePath: Path.Combine(folder, "hub.db"));
        for (var i = 0; i < instances; i++)
        {
            var ended = (await host.Client.GetInstanceAsync($"w{i}", getInputsAndOutputs: true)).ShouldNotBeNull($"instance w{i} is lost");
            ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed, ended.ToString());
            ended.ReadOutputAs<long>().ShouldBe(Interpreter.Expected(Workload.ProgramOf(Seed, i).Steps), $"instance w{i}");
        }
    }

    /// <summary>A program's top-level steps follow each other: once an activity of step N + 1 ran, the result of step N was recorded, and N must never run again.</summary>
    private static void RecordedStepsShouldNotRunAgain(IEnumerable<string> ran)
    {
        var farthest = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in ran)
        {
            if (line.Split(' ') is not [var instance, var key])
            {
                continue; // The last line of a killed process may be torn.
            }

            var step = int.Parse(key.Split('.', 'f')[0]);
            farthest.TryGetValue(instance, out var before);
            step.ShouldBeGreaterThanOrEqualTo(before, $"{instance} ran step {step} again after step {before}");
            farthest[instance] = step;
        }
    }

    private static Process Start(string folder, int instances)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "VpsPilot.Embedded.DurableTask.CrashChild.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, folder, $"{Seed}", $"{instances}"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
    }

    private static async Task<Process> StartAsync(string folder, int instances)
    {
        var child = Start(folder, instances);
        (await child.StandardOutput.ReadLineAsync().WaitAsync(Limit)).ShouldBe("ready");
        return child;
    }

    private static int Setting(string name, int standard) => int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : standard;
}
