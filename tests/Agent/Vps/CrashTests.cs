using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Agent.Tests.Vps;

/// <summary>The agent, or the whole VPS, dies at a stage. After its return there is one answer, the right one, and what should serve serves.</summary>
[Collection(AgentNodeCollection.Name)]
public sealed class CrashTests(AgentNode node)
{
    [VpsTheory(Timeout = 300_000)]
    [InlineData(Stages.Fetch)]
    [InlineData(Stages.Configure)]
    [InlineData(Stages.Environment)]
    [InlineData(Stages.Compile)]
    [InlineData(Stages.Test)]
    [InlineData(Stages.Seal)]
    [InlineData(Stages.Secrets)]
    [InlineData(Stages.Start)]
    [InlineData(Stages.Health)]
    [InlineData(Stages.Switch)]
    [InlineData(Stages.Watch)]
    public async Task An_agent_killed_at_a_stage_finishes_the_deployment(string stage)
    {
        var app = await node.CreateAppAsync($"kill-{stage}");
        app.Config = app.Config.Replace("\"start\":", "\"test\": { \"commands\": [\"sleep 0.3\"] }, \"start\":", StringComparison.Ordinal);
        await app.CommitAsync("1");
        var result = await WithDeathAtAsync(app, stage, node.KillAgentAsync, () => app.DeployAsync());
        result.Outcome.ShouldBe(CommandOutcome.Succeeded, result.Failure?.ToString());
        (await app.AskAsync(result.Serving.ShouldNotBeNull().Port)).ShouldBe("1");
        AnsweredOnce(app, 1);
    }

    [VpsTheory(Timeout = 300_000)]
    [InlineData(Stages.Start)]
    [InlineData(Stages.Health)]
    [InlineData(Stages.RollBack)]
    public async Task An_agent_killed_while_a_bad_release_starts_or_goes_back_puts_the_old_one_back(string stage)
    {
        var app = await node.CreateAppAsync($"killbad-{stage}");
        var good = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        app.Prelude = "throw new Error('bad');";
        await app.CommitAsync("2");
        var result = await WithDeathAtAsync(app, stage, node.KillAgentAsync, () => app.DeployAsync());
        result.Outcome.ShouldBe(CommandOutcome.RolledBack);
        result.Failure.ShouldNotBeNull().Message.ShouldContain("Error: bad");
        result.Serving?.ReleaseId.ShouldBe(good.ReleaseId);
        (await app.AskAsync(good.Port)).ShouldBe("1");
        AnsweredOnce(app, 2);
    }

    [VpsTheory(Timeout = 300_000)]
    [InlineData(Stages.Compile)]
    [InlineData(Stages.Start)]
    [InlineData(Stages.Watch)]
    public async Task A_vps_that_loses_power_at_a_stage_finishes_the_deployment(string stage)
    {
        var app = await node.CreateAppAsync($"power-{stage}");
        app.Config = app.Config.Replace("\"true\"", "\"sleep 0.5\"", StringComparison.Ordinal);
        await app.CommitAsync("1");
        var result = await WithDeathAtAsync(app, stage, PowerCycleAsync, () => app.DeployAsync());
        result.Outcome.ShouldBe(CommandOutcome.Succeeded, result.Failure?.ToString());
        (await app.AskAsync(result.Serving.ShouldNotBeNull().Port)).ShouldBe("1");
        AnsweredOnce(app, 1);
    }

    [VpsFact(Timeout = 300_000)]
    public async Task An_agent_that_is_restarted_in_order_goes_on_too()
    {
        var app = await node.CreateAppAsync("restarted");
        app.Config = app.Config.Replace("\"true\"", "\"sleep 1\"", StringComparison.Ordinal);
        await app.CommitAsync("1");
        var result = await WithDeathAtAsync(app, Stages.Compile, () => node.Vps.RunAsync(["systemctl", "restart", "vpspilot-agent.service"]), () => app.DeployAsync());
        result.Outcome.ShouldBe(CommandOutcome.Succeeded, result.Failure?.ToString());
        AnsweredOnce(app, 1);
    }

    private async Task PowerCycleAsync()
    {
        await node.Vps.KillAsync();
        await node.Vps.RestartAsync();
    }

    private Task<CommandResult> WithDeathAtAsync(AppUnderTest app, string stage, Func<Task> death, Func<Task<CommandResult>> work) => Death.AtStageAsync(node.Plane, app.Project, stage, death, work);

    private void AnsweredOnce(AppUnderTest app, int deployment)
    {
        foreach (var kind in new[] { "build", "activate" })
            node.Plane.Results($"{app.Project}-{deployment}.{kind}.n1").Select(e => e.EventId).Distinct().ShouldHaveSingleItem();
    }
}
