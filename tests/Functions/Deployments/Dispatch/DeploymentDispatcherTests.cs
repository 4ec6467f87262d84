using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Dispatch;
using VpsPilot.Functions.Tests.Deployments.Orchestration;

namespace VpsPilot.Functions.Tests.Deployments.Dispatch;

public sealed class DeploymentDispatcherTests
{
    [Fact]
    public async Task Of_a_storm_of_pushes_the_first_and_the_last_run_and_the_others_are_superseded_without_a_word_to_the_node()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        var ids = new List<string> { (await rig.PushAsync()).Id };
        await rig.EndAsync(ids[0]);

        for (var i = 1; i < 20; i++)
        {
            ids.Add((await rig.PushAsync(quiet: false)).Id);
        }

        (await rig.Store.GetAsync(ids[^1], default))!.Status.ShouldBe(DeploymentStatus.Queued);
        rig.Plane.Time.Advance(TimeSpan.FromSeconds(1));
        await OrchestrationRig.UntilAsync(async () => (await rig.Store.GetAsync(ids[^1], default))!.Status == DeploymentStatus.Succeeded);
        await OrchestrationRig.UntilAsync(async () => (await rig.Plane.Get<DeferredStore>().ListAsync(DateTimeOffset.MaxValue, default)).Count == 0);

        rig.Agents.Received.Select(c => c.DeploymentId).Distinct().ShouldBe([ids[0], ids[^1]]);
        foreach (var id in ids[1..^1])
        {
            (await rig.Store.GetAsync(id, default))!.ShouldSatisfyAllConditions(d => d.Status.ShouldBe(DeploymentStatus.Superseded), d => d.Summary.ShouldBe($"Superseded by deployment {ids[^1]}."));
            (await rig.Client.GetInstanceAsync(id, default(CancellationToken))).ShouldBeNull();
        }
    }

    [Fact]
    public async Task What_a_stopped_process_had_accepted_is_dispatched_by_the_next()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        var left = new[] { rig.Plane.Deployment("shop", DeploymentTrigger.Webhook, "web-1"), rig.Plane.Deployment("shop", DeploymentTrigger.Webhook, "web-1") };
        foreach (var deployment in left)
        {
            await rig.Plane.Get<DeferredStore>().AddAsync(deployment, default);
            await rig.Store.InsertAsync(deployment, default);
        }

        await rig.Plane.Get<DeferredStore>().AddAsync(rig.Plane.Deployment("shop"), default);

        var dispatcher = rig.Plane.Get<DeploymentDispatcher>();
        await dispatcher.RecoverAsync(rig.Client, default);
        rig.Agents.Received.ShouldBeEmpty();
        rig.Plane.Time.Advance(TimeSpan.FromSeconds(11));
        await dispatcher.RecoverAsync(rig.Client, default);

        (await rig.EndAsync(left[1].Id)).Status.ShouldBe(DeploymentStatus.Succeeded);
        (await rig.Store.GetAsync(left[0].Id, default))!.Status.ShouldBe(DeploymentStatus.Superseded);
        (await rig.Plane.Get<DeferredStore>().ListAsync(DateTimeOffset.MaxValue, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Projects_do_not_wait_for_each_other()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        await rig.Plane.ProjectAsync("other", "web-1");
        await rig.PushAsync();
        var other = rig.Plane.Deployment("other", DeploymentTrigger.Webhook, "web-1");
        await rig.Store.InsertAsync(other, default);

        await rig.Plane.Get<DeploymentDispatcher>().DispatchAsync(rig.Client, other, default);

        (await rig.EndAsync(other.Id)).Status.ShouldBe(DeploymentStatus.Succeeded);
    }
}
