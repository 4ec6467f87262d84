using System.Diagnostics;
using VpsPilot.Bench.Figures;

// Usage: VpsPilot.Bench.Cli [FILE], in the repository's root, after make build. Beside the program runs one that does nothing, in turn with it.
const string Binary = "artifacts/cli/linux-x64/vpspilot";
const int Runs = 60;

if (!File.Exists(Binary))
{
    throw new InvalidOperationException($"There is no {Binary}: run make build.");
}

var (nothing, version, help, complete) = (new double[Runs], new double[Runs], new double[Runs], new double[Runs]);
for (var i = -5; i < Runs; i++)
{
    // The first rounds warm the page cache.
    var at = Math.Max(0, i);
    nothing[at] = await RunAsync("/bin/true");
    version[at] = await RunAsync(Binary, "--version");
    help[at] = await RunAsync(Binary, "deploy", "--help");
    complete[at] = await RunAsync(Binary, "complete", "vpspilot dep");
}

var baseline = Median(nothing);
var started = Median(version);
return await FigureTable.PublishAsync(
[
    Figure.AtMost("cli: starts, tells its version and ends, median", started, "ms", 50) with { Baseline = Math.Round(baseline, 2), Ratio = Math.Round(started / baseline, 2) },
    Figure.AtMost("cli: help of a command, median", Median(help), "ms", 50),
    Figure.AtMost("cli: completes a word in a shell, median", Median(complete), "ms", 50),
    Figure.Shown("cli: /bin/true, which does nothing, median", baseline, "ms"),
    Figure.AtMost("cli: size of the binary", new FileInfo(Binary).Length / 1e6, "MB", 20),
], args);

static double Median(double[] times) => times.Order().ElementAt(times.Length / 2);

static async Task<double> RunAsync(string program, params string[] arguments)
{
    var began = Stopwatch.GetTimestamp();
    using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
    await process.StandardOutput.ReadToEndAsync();
    await process.WaitForExitAsync();
    var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    return process.ExitCode == 0 ? took : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
}
