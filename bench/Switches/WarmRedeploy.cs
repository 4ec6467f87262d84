using System.Diagnostics;
using VpsPilot.Bench.Figures;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Bench.Switches;

/// <summary>What the product adds to the commands that a deployment consists of, for <c>samples/nodejs</c> on a node that has deployed it before.</summary>
internal static class WarmRedeploy
{
    private const string Project = "warm";

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(LocalStack stack)
    {
        var app = await stack.CreateProjectAsync(Project, Path.GetFullPath("samples/nodejs"));
        await app.EditAsync("config.vpspilot.json", "\"watch\": \"10s\"", "\"watch\": \"0s\"");
        await app.WriteAsync("stamp", "first");
        await DeployAsync(stack, await app.PushAsync("First"));
        var (whole, raw) = (new List<double>(), new List<double>());
        for (var i = 0; i < 3; i++)
        {
            await app.WriteAsync("stamp", Guid.NewGuid().ToString());
            var clock = Stopwatch.StartNew();
            await DeployAsync(stack, await app.PushAsync("Again"));
            whole.Add(clock.Elapsed.TotalSeconds);
            raw.Add(await RawCommands.TimeAsync(stack.Vps, Project, stack.Git.UrlOf(Project)));
        }

        var (deployed, beneath) = (whole.Order().ElementAt(1), raw.Order().ElementAt(1));
        return
        [
            Figure.Shown("redeploy: samples/nodejs, warm, push to succeeded (median of 3)", deployed, "s") with { Baseline = Math.Round(beneath, 2), Ratio = Math.Round(deployed / beneath, 2) },
            Figure.AtMost("redeploy: above the raw commands of the same run", deployed - beneath, "s", 1.5),
        ];
    }

    private static async Task DeployAsync(LocalStack stack, string commit)
    {
        var follower = new DeploymentFollower(stack.Api);
        var ended = await follower.FollowAsync(await follower.FindAsync(Project, commit, TimeSpan.FromSeconds(30)), TimeSpan.FromMinutes(3));
        if ((string?)ended["status"] != "succeeded")
            throw new InvalidOperationException($"The deployment did not succeed: {ended.ToJsonString()}");
    }
}
