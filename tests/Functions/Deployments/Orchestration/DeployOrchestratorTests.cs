using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Secrets;

namespace VpsPilot.Functions.Tests.Deployments.Orchestration;

public sealed class DeployOrchestratorTests
{
    [Fact]
    public async Task All_nodes_build_before_any_is_switched_and_then_each_is_switched_in_turn()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");

        var ended = await rig.EndAsync((await rig.PushAsync()).Id);

        ended.Status.ShouldBe(DeploymentStatus.Succeeded);
        ended.Summary.ShouldBe("cccccccccccc serves on 2 nodes.");
        ended.Subject.ShouldBe("A subject");
        ended.FinishedAt.ShouldNotBeNull();
        rig.Agents.Kinds.Take(2).ShouldBe(["build web-1", "build web-2"], ignoreOrder: true);
        rig.Agents.Kinds.Skip(2).ShouldBe(["activate web-1", "activate web-2"]);
        var nodes = await rig.Store.NodesAsync(ended.Id, default);
        nodes.Select(n => (n.NodeId, n.Status, n.Release!.Generation)).ShouldBe([("web-1", NodeStatus.Succeeded, 7), ("web-2", NodeStatus.Succeeded, 7)]);
        (await rig.Plane.Get<ReleaseStore>().ListAsync("shop", default)).Select(r => r.ReleaseId).ShouldBe([ended.Id, ended.Id]);
    }

    [Fact]
    public async Task Commands_are_signed_addressed_and_expire()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");

        await rig.EndAsync((await rig.PushAsync()).Id);

        var (node, message) = rig.Plane.Queues.Sent[0];
        node.ShouldBe("web-1");
        SignedMessage.Parse(message.Body.Span)!.IsSignedBy(await rig.Plane.Get<VpsPilot.Functions.Commands.CommandSigningKey>().PublicKeyAsync(default)).ShouldBeTrue();
        var build = message.Command();
        message.MessageId.ShouldBe(build.CommandId);
        build.ExpiresAt.ShouldBe(build.IssuedAt + TimeSpan.FromMinutes(30) + TimeSpan.FromDays(1), "the limit of a build, after the longest wait for a node that is offline");
        build.Body.ShouldBeOfType<BuildCommand>().ShouldSatisfyAllConditions(
            b => b.Repository.ShouldBe("/srv/git/app.git"), b => b.Branch.ShouldBe("main"), b => b.Commit.ShouldBe(new string('c', 40)), b => b.Environment.ShouldBeNull());
    }

    [Fact]
    public async Task A_build_that_fails_on_one_of_two_nodes_switches_none()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");
        rig.Agents.Answer = c => c.NodeId == "web-2" ? FakeAgents.Fail(CommandOutcome.Failed, "test", "npm test ended with exit code 1") : FakeAgents.Succeed(c);

        var ended = await rig.EndAsync((await rig.PushAsync()).Id);

        ended.Status.ShouldBe(DeploymentStatus.Failed);
        ended.Failure!.Step.ShouldBe("test");
        ended.Summary.ShouldBe("test: npm test ended with exit code 1 (on node web-2). Nothing that serves was touched.");
        rig.Agents.Kinds.ShouldAllBe(k => !k.StartsWith("activate", StringComparison.Ordinal));
        (await rig.Store.NodesAsync(ended.Id, default)).Single(n => n.NodeId == "web-2").Status.ShouldBe(NodeStatus.Failed);
    }

    [Fact]
    public async Task A_build_that_fails_stops_those_that_still_build()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");
        rig.Agents.Answer = c => c switch
        {
            { NodeId: "web-2" } => FakeAgents.Fail(CommandOutcome.Failed, "compile", "no"),
            { Body: CancelCommand } => null,
            _ => null,
        };

        var id = (await rig.PushAsync()).Id;
        await rig.SentAsync("cancel web-1");
        var ended = await rig.EndLaterAsync(id, TimeSpan.FromMinutes(5));

        ended.Failure!.Step.ShouldBe("compile");
    }

    [Fact]
    public async Task When_the_second_node_cannot_be_switched_the_first_goes_back()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");
        rig.Agents.Answer = c => c is { NodeId: "web-2", Body: ActivateCommand } ? FakeAgents.Fail(CommandOutcome.RolledBack, "health", "no answer on /", FailureKind.Unhealthy) : FakeAgents.Succeed(c);

        var ended = await rig.EndAsync((await rig.PushAsync()).Id);

        ended.Status.ShouldBe(DeploymentStatus.RolledBack);
        ended.Failure!.Kind.ShouldBe(FailureKind.Unhealthy);
        rig.Agents.Kinds[^1].ShouldBe("roll-back web-1");
        rig.Agents.Received[^1].Body.ShouldBeOfType<RollBackCommand>().IfServing.ShouldBe(ended.Id);
        (await rig.Store.NodesAsync(ended.Id, default)).Select(n => n.Status).ShouldBe([NodeStatus.RolledBack, NodeStatus.RolledBack]);
    }

    [Fact]
    public async Task A_failure_before_the_switch_of_the_only_node_is_failed_and_not_rolled_back()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        rig.Agents.Answer = c => c.Body is ActivateCommand ? FakeAgents.Fail(CommandOutcome.Failed, "release", "migration failed") : FakeAgents.Succeed(c);

        var ended = await rig.EndAsync((await rig.PushAsync()).Id);

        ended.Status.ShouldBe(DeploymentStatus.Failed);
        ended.Summary.ShouldBe("release: migration failed.");
        rig.Agents.Kinds.ShouldBe(["build web-1", "activate web-1"]);
    }

    [Fact]
    public async Task A_node_that_never_answers_its_build_is_lost_after_the_limit()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        rig.Agents.Answer = _ => null;

        var ended = await rig.EndLaterAsync((await rig.PushAsync()).Id, TimeSpan.FromMinutes(40));

        ended.Status.ShouldBe(DeploymentStatus.Failed);
        ended.Failure!.Kind.ShouldBe(FailureKind.Lost);
        (await rig.Store.NodesAsync(ended.Id, default)).Single().Status.ShouldBe(NodeStatus.Lost);
    }

    [Fact]
    public async Task A_node_lost_while_it_switches_is_told_to_go_back_and_so_are_the_others()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");
        rig.Agents.Answer = c => c is { NodeId: "web-2", Body: not BuildCommand } ? null : FakeAgents.Succeed(c);
        var id = (await rig.PushAsync()).Id;
        await rig.SentAsync("activate web-2");

        var ended = await rig.EndLaterAsync(id, TimeSpan.FromMinutes(60));

        ended.Failure!.Kind.ShouldBe(FailureKind.Lost);
        rig.Agents.Kinds.Skip(4).ShouldBe(["cancel web-2", "roll-back web-1", "roll-back web-2"], ignoreOrder: true);
        (await rig.Store.NodesAsync(ended.Id, default)).Select(n => n.Status).ShouldBe([NodeStatus.RolledBack, NodeStatus.Lost]);
    }

    [Fact]
    public async Task When_only_a_branch_is_asked_for_all_nodes_build_the_commit_that_the_first_one_found()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2", "web-3");

        var ended = await rig.EndAsync((await rig.PushAsync(commit: null)).Id);

        ended.Commit.ShouldBe(new string('e', 40));
        rig.Agents.Received.Where(c => c.Body is BuildCommand).Select(c => (c.NodeId, ((BuildCommand)c.Body).Commit)).ShouldBe(
            [("web-1", null), ("web-2", new string('e', 40)), ("web-3", new string('e', 40))], ignoreOrder: true);
    }

    [Fact]
    public async Task The_same_delivery_starts_one_deployment()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        var id = DeploymentIds.OfDelivery("github", "shop", "delivery-1");

        var started = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => rig.PushAsync(id: id))));
        await rig.EndAsync(id);
        var again = await rig.PushAsync(id: id);

        started.Select(d => d.CreatedAt).Distinct().Count().ShouldBe(1);
        again.Status.ShouldBe(DeploymentStatus.Succeeded);
        rig.Agents.Kinds.ShouldBe(["build web-1", "activate web-1"]);
    }

    [Fact]
    public async Task A_node_that_was_never_enrolled_fails_the_deployment_at_once_and_names_it()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        await rig.Plane.Get<VpsPilot.Functions.Nodes.NodeStore>().CreateAsync("web-9", new Dictionary<string, string>(), default);
        await rig.Plane.Get<VpsPilot.Functions.Projects.ProjectStore>().UpdateAsync("shop", p => p with { Nodes = ["web-1", "web-9"] }, default);

        var ended = await rig.EndAsync((await rig.PushAsync()).Id);

        ended.Status.ShouldBe(DeploymentStatus.Failed);
        ended.Failure!.Message.ShouldContain("web-9");
        rig.Agents.Kinds.ShouldBeEmpty();
    }

    [Fact]
    public async Task Secret_values_reach_the_node_and_no_file_of_the_control_plane()
    {
        const string Value = "the-secret-value-of-the-shop";
        await using var rig = await OrchestrationRig.StartAsync("web-1");
        await rig.Plane.Get<ISecretStore>().SetAsync(new SecretPlace("shop", SecretScope.Project, "KEY"), Value, "ann", default);

        await rig.EndAsync((await rig.PushAsync()).Id);

        rig.Agents.Received.Select(c => (c.Body as BuildCommand)?.Environment ?? (c.Body as ActivateCommand)?.Environment).ShouldAllBe(e => e != null);
        foreach (var file in Directory.EnumerateFiles(rig.Plane.Folder).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            (await reader.ReadToEndAsync()).ShouldNotContain(Value, Case.Sensitive, file);
        }
    }
}
