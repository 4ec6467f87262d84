using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Testbed;

namespace VpsPilot.Agent.Tests.Vps;

/// <summary>A node of its own network, whose link is cut, or whose control plane is gone, in the middle of a switch: the node does the right thing alone, and reports it later.</summary>
public sealed class CutOffTests(CutOffTests.PrivateNode node) : IClassFixture<CutOffTests.PrivateNode>
{
    public static TheoryData<string, string> Moments
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var how in new[] { "link", "plane" })
            {
                foreach (var stage in new[] { Stages.Start, Stages.Health, Stages.Switch, Stages.Watch })
                    data.Add(how, stage);
            }

            return data;
        }
    }

    [VpsTheory(Timeout = 300_000)]
    [MemberData(nameof(Moments))]
    public async Task A_switch_goes_on_without_the_control_plane_and_is_reported_later(string how, string stage)
    {
        var app = await node.CreateEdgeAppAsync($"cut-{how}-{stage}");
        await app.DeployAsync();
        await app.CommitAsync("2");
        var result = await Death.AtStageAsync(node.Plane, app.Project, stage, () => AwayAsync(how, () => UntilAnswersAsync(app, "2")), () => app.DeployAsync());
        result.Outcome.ShouldBe(CommandOutcome.Succeeded, result.Failure?.ToString());
        result.Serving?.AnsweredBy.ShouldBe($"{app.Project}-2");
    }

    [VpsTheory(Timeout = 300_000)]
    [InlineData("link")]
    [InlineData("plane")]
    public async Task A_release_that_fails_in_its_watch_window_goes_back_without_the_control_plane(string how)
    {
        var app = await node.CreateEdgeAppAsync($"cut-back-{how}");
        await app.DeployAsync();
        app.Config = app.Config.Replace("\"watch\": \"1s\"", "\"watch\": \"40s\"", StringComparison.Ordinal);
        await app.CommitAsync("2");
        var result = await Death.AtStageAsync(node.Plane, app.Project, Stages.Watch, () => AwayAsync(how, async () =>
        {
            await UntilAnswersAsync(app, "2");
            await app.AskOrNothingAsync(app.EdgePort, "/crash");
            await UntilAnswersAsync(app, "1");
        }), () => app.DeployAsync());
        (result.Outcome, result.Failure?.Step, result.Serving?.AnsweredBy).ShouldBe((CommandOutcome.RolledBack, Stages.Watch, $"{app.Project}-1"));
    }

    private async Task AwayAsync(string how, Func<Task> meanwhile)
    {
        if (how == "plane")
        {
            await node.Plane.AwayWhileAsync(meanwhile);
            return;
        }

        await node.Vps.SetLinkAsync(up: false);
        try
        {
            await meanwhile();
        }
        finally
        {
            await node.Vps.SetLinkAsync(up: true);
        }
    }

    /// <summary>Asked inside the node, since nothing comes in from outside.</summary>
    private async Task UntilAnswersAsync(AppUnderTest app, string version)
    {
        var until = DateTime.UtcNow + ControlPlaneStandIn.Soon;
        while ((await node.Vps.ExecAsync("curl", "--silent", "--max-time", "5", $"http://127.0.0.1:{app.EdgePort}/")).Output.Trim() != version)
        {
            (DateTime.UtcNow < until).ShouldBeTrue($"Version {version} does not answer.");
            await Task.Delay(100);
        }
    }

    /// <summary>A node with an edge and a link that can be cut.</summary>
    public sealed class PrivateNode : EdgeNode
    {
        protected override bool HasPrivateNetwork => true;
    }
}
