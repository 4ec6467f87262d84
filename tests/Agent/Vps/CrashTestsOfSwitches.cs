using System.Globalization;
using System.Security.Cryptography;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;
using Xunit.Abstractions;

namespace VpsPilot.Agent.Tests.Vps;

/// <summary>
/// The agent dies in the middle of a blue-green switch, at the boundary of a stage or at any moment, while a client goes on asking through the
/// edge. No request is lost, and in the end the old or the new release serves, as the one answer says.
/// </summary>
[Collection(EdgeNodeCollection.Name)]
public sealed class CrashTestsOfSwitches(EdgeNode node, ITestOutputHelper output)
{
    [VpsTheory(Timeout = 300_000)]
    [InlineData("good", Stages.Backup)]
    [InlineData("good", Stages.Secrets)]
    [InlineData("good", Stages.Start)]
    [InlineData("good", Stages.Health)]
    [InlineData("good", Stages.Switch)]
    [InlineData("good", Stages.Drain)]
    [InlineData("good", Stages.Watch)]
    [InlineData("bad", Stages.Start)]
    [InlineData("bad", Stages.Health)]
    [InlineData("bad", Stages.RollBack)]
    [InlineData("sick", Stages.Watch)]
    [InlineData("sick", Stages.RollBack)]
    public async Task An_agent_killed_at_a_stage_of_a_switch_loses_no_request(string release, string stage)
    {
        var app = await node.CreateEdgeAppAsync($"switch-{release}-{stage}");
        var first = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        // Without anything to keep there is no backup.
        await node.Vps.RunAsync(["touch", $"/opt/vpspilot/projects/{app.Project}/data/kept"]);
        await using var client = new SteadyClient(app.EdgePort, 2);
        app.Prelude = release switch
        {
            "bad" => "throw new Error('bad');",
            "sick" => "setTimeout(() => process.exit(4), 2500);",
            _ => "",
        };
        app.Config = app.Config.Replace("\"watch\": \"1s\"", release == "sick" ? "\"watch\": \"20s\"" : "\"watch\": \"2s\"", StringComparison.Ordinal);
        await app.CommitAsync("2");
        var result = await Death.AtStageAsync(node.Plane, app.Project, stage, node.KillAgentAsync, () => app.DeployAsync());
        await ShouldBeInOrderAsync(app, client, result, release == "good", first.ReleaseId, mayFail: release == "sick");
    }

    [VpsTheory(Timeout = 300_000)]
    [InlineData(Stages.Backup)]
    [InlineData(Stages.Start)]
    [InlineData(Stages.Switch)]
    [InlineData(Stages.Watch)]
    public async Task An_agent_killed_on_its_way_to_the_other_slot_still_arrives_there(string stage)
    {
        var app = await node.CreateEdgeAppAsync($"slot-killed-{stage}");
        var first = (await app.DeployAsync()).Serving.ShouldNotBeNull();
        await app.CommitAsync("2");
        await app.DeployAsync();
        await node.Vps.RunAsync(["touch", $"/opt/vpspilot/projects/{app.Project}/data/kept"]);
        await using var client = new SteadyClient(app.EdgePort, 2);
        var result = await Death.AtStageAsync(node.Plane, app.Project, stage, node.KillAgentAsync, app.ToOtherSlotAsync);
        await ShouldBeInOrderAsync(app, client, result, isGood: true, before: $"{app.Project}-2");
        result.Serving!.ReleaseId.ShouldBe(first.ReleaseId);
    }

    [VpsFact(Timeout = 300_000)]
    public async Task An_agent_killed_at_random_moments_loses_no_request_and_answers_once()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("VPSPILOT_SEED"), CultureInfo.InvariantCulture, out var given) ? given : RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"VPSPILOT_SEED={seed}");
        var random = new Random(seed);
        var app = await node.CreateEdgeAppAsync("switch-random");
        var serves = (await app.DeployAsync()).Serving.ShouldNotBeNull().ReleaseId;
        for (var version = 2; version <= 7; version++)
        {
            await using var client = new SteadyClient(app.EdgePort, 2);
            var isGood = random.Next(3) > 0;
            app.Prelude = isGood ? "" : "throw new Error('bad');";
            await app.CommitAsync($"{version}");
            var deployment = app.NextDeployment();
            (await node.Plane.DoAsync(app.Build(deployment))).Outcome.ShouldBe(CommandOutcome.Succeeded);
            var wait = TimeSpan.FromMilliseconds(random.Next(2500));
            output.WriteLine($"{deployment}: {(isGood ? "good" : "bad")}, killed after {wait.TotalMilliseconds:0} ms");
            await node.Plane.SendAsync(app.Activate(deployment));
            await Task.Delay(wait);
            await node.KillAgentAsync();
            var result = await node.Plane.ResultAsync($"{deployment}.activate.n1");
            await ShouldBeInOrderAsync(app, client, result, isGood, serves);
            serves = result.Serving!.ReleaseId;
        }
    }

    [VpsTheory(Timeout = 300_000)]
    [InlineData(Stages.Start)]
    [InlineData(Stages.Switch)]
    [InlineData(Stages.Watch)]
    public async Task A_vps_that_loses_power_in_a_switch_comes_back_with_one_release_behind_its_edge(string stage)
    {
        var app = await node.CreateEdgeAppAsync($"switch-power-{stage}");
        await app.DeployAsync();
        await app.CommitAsync("2");
        var result = await Death.AtStageAsync(node.Plane, app.Project, stage, async () =>
        {
            await node.Vps.KillAsync();
            await node.Vps.RestartAsync();
        }, () => app.DeployAsync());
        result.Outcome.ShouldBe(CommandOutcome.Succeeded, result.Failure?.ToString());
        result.Serving?.AnsweredBy.ShouldBe($"{app.Project}-2");
        (await app.AskAsync(app.EdgePort)).ShouldBe("2");
    }

    private async Task ShouldBeInOrderAsync(AppUnderTest app, SteadyClient client, CommandResult result, bool isGood, string before, bool mayFail = false)
    {
        result.Outcome.ShouldBe(isGood ? CommandOutcome.Succeeded : CommandOutcome.RolledBack, result.Failure?.ToString());
        var serving = result.Serving.ShouldNotBeNull();
        serving.AnsweredBy.ShouldBe(serving.ReleaseId);
        (serving.ReleaseId == before).ShouldBe(!isGood);
        var asked = client.Answered;
        await node.Plane.UntilAsync(() => client.Answered > asked + 10, "answers after the switch");
        await client.DisposeAsync();
        client.Answered.ShouldBeGreaterThan(20);
        if (!mayFail)
            client.Failed.ShouldBeEmpty();
        foreach (var answers in node.Plane.Events.Where(e => e.ProjectId == app.Project && e.Body is CommandResult).GroupBy(e => e.CommandId))
            answers.Select(e => ((CommandResult)e.Body).Outcome).Distinct().ShouldHaveSingleItem();
    }
}
