using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Trees;
using VpsPilot.Functions.Nodes;

namespace VpsPilot.Functions.Tests.Deployments.Orchestration;

/// <summary>A project with <c>buildOnce</c>: one node of each system compiles, the others seal what it compiled.</summary>
public sealed class BuildOnceTests
{
    [Fact]
    public async Task One_node_compiles_and_the_others_seal_what_it_compiled()
    {
        await using var rig = await StartAsync("web-1", "web-2", "web-3");

        var ended = await rig.EndAsync((await rig.PushAsync()).Id);

        ended.Status.ShouldBe(DeploymentStatus.Succeeded, ended.Summary);
        rig.Agents.Kinds[0].ShouldBe("build web-1");
        rig.Agents.Kinds.Skip(1).Take(2).ShouldBe(["build web-2", "build web-3"], ignoreOrder: true);
        var builds = Builds(rig);
        builds["web-1"].ShouldSatisfyAllConditions(b => b.ShareTree.ShouldBeTrue(), b => b.Tree.ShouldBeNull());
        foreach (var node in new[] { "web-2", "web-3" })
        {
            builds[node].ShouldSatisfyAllConditions(b => b.ShareTree.ShouldBeFalse(), b => b.Tree.ShouldBe(FakeAgents.Tree("web-1")));
        }
    }

    [Fact]
    public async Task Without_the_setting_every_node_compiles()
    {
        await using var rig = await OrchestrationRig.StartAsync("web-1", "web-2");
        await rig.Agents.BeatAsync("web-1");
        await rig.Agents.BeatAsync("web-2");

        await rig.EndAsync((await rig.PushAsync()).Id);

        Builds(rig).Values.ShouldAllBe(b => !b.ShareTree && b.Tree == null);
    }

    [Fact]
    public async Task Each_system_has_a_builder_of_its_own_and_a_node_alone_shares_nothing()
    {
        await using var rig = await StartAsync("web-1", "web-2", "arm-1", "arm-2", "new-1");
        await BeatAsync(rig, "arm-1", "aarch64-linux");
        await BeatAsync(rig, "arm-2", "aarch64-linux");
        await BeatAsync(rig, "new-1", "riscv64-linux");
        rig.Agents.Answer = c => FakeAgents.Succeed(c) is { Built: { } built } result
            ? result with { Built = built with { StorePath = "/nix/store/" + c.NodeId.Split('-')[0] } }
            : FakeAgents.Succeed(c);

        var ended = await rig.EndAsync((await rig.PushAsync()).Id);

        ended.Status.ShouldBe(DeploymentStatus.Succeeded, ended.Summary);
        rig.Agents.Kinds.Take(3).ShouldBe(["build web-1", "build arm-1", "build new-1"], ignoreOrder: true);
        var builds = Builds(rig);
        builds.Where(b => b.Value.ShareTree).Select(b => b.Key).ShouldBe(["arm-1", "web-1"], ignoreOrder: true);
        builds["web-2"].Tree!.NodeId.ShouldBe("web-1");
        builds["arm-2"].Tree!.NodeId.ShouldBe("arm-1");
        builds["new-1"].Tree.ShouldBeNull();
    }

    [Fact]
    public async Task When_only_a_branch_is_asked_for_all_systems_build_the_commit_that_the_first_builder_found()
    {
        await using var rig = await StartAsync("web-1", "web-2", "arm-1");
        await BeatAsync(rig, "arm-1", "aarch64-linux");

        await rig.EndAsync((await rig.PushAsync(commit: null)).Id);

        rig.Agents.Kinds.Take(3).ShouldBe(["build web-1", "build arm-1", "build web-2"]);
        Builds(rig).Select(b => b.Value.Commit).ShouldBe([null, new string('e', 40), new string('e', 40)]);
    }

    [Fact]
    public async Task A_builder_that_fails_fails_the_deployment_and_nobody_else_is_asked()
    {
        await using var rig = await StartAsync("web-1", "web-2");
        rig.Agents.Answer = c => FakeAgents.Fail(CommandOutcome.Failed, "test", "npm test ended with exit code 1");

        var ended = await rig.EndAsync((await rig.PushAsync()).Id);

        ended.Status.ShouldBe(DeploymentStatus.Failed);
        ended.Summary.ShouldBe("test: npm test ended with exit code 1 (on node web-1). Nothing that serves was touched.");
        rig.Agents.Kinds.ShouldBe(["build web-1"]);
        (await rig.Store.NodesAsync(ended.Id, default)).Select(n => n.Status).ShouldBe([NodeStatus.Failed, NodeStatus.Canceled]);
    }

    [Fact]
    public async Task A_node_that_seals_another_path_fails_the_deployment_with_both_paths()
    {
        await using var rig = await StartAsync("web-1", "web-2");
        rig.Agents.Answer = c => c is { NodeId: "web-2", Body: BuildCommand } && FakeAgents.Succeed(c) is { Built: { } built } result
            ? result with { Built = built with { StorePath = "/nix/store/other" } }
            : FakeAgents.Succeed(c);

        var ended = await rig.EndAsync((await rig.PushAsync()).Id);

        ended.Status.ShouldBe(DeploymentStatus.Failed);
        ended.Failure!.Message.ShouldBe("Node web-2 sealed /nix/store/other, and node web-1 /nix/store/new: they would not run the same.");
        ended.Failure.Hint!.ShouldContain("overrideInputs");
        rig.Agents.Kinds.ShouldAllBe(k => !k.StartsWith("activate", StringComparison.Ordinal));
        (await rig.Store.NodesAsync(ended.Id, default)).Single(n => n.NodeId == "web-2").Failure!.Message.ShouldBe(ended.Failure.Message);
    }

    [Fact]
    public async Task An_agent_that_does_not_share_fails_the_deployment_and_says_what_to_do()
    {
        await using var rig = await StartAsync("web-1", "web-2");
        rig.Agents.Answer = c => FakeAgents.Succeed(c) is { Built: { } built } result ? result with { Built = built with { Tree = null } } : FakeAgents.Succeed(c);

        var ended = await rig.EndAsync((await rig.PushAsync()).Id);

        ended.Failure!.Message.ShouldBe("Node web-1 built, but its agent did not hand over what it compiled.");
        ended.Failure.Hint!.ShouldContain("Update the agents");
        rig.Agents.Kinds.ShouldBe(["build web-1"]);
    }

    [Fact]
    public async Task A_cancel_while_the_builder_compiles_ends_the_deployment_and_nobody_else_is_asked()
    {
        await using var rig = await StartAsync("web-1", "web-2");
        CommandEnvelope? build = null;
        rig.Agents.Answer = c =>
        {
            build ??= c;
            return c.Body is BuildCommand ? null : FakeAgents.Succeed(c);
        };
        var id = (await rig.PushAsync()).Id;
        await rig.SentAsync("build web-1");

        await rig.CancelAsync(id);
        await rig.SentAsync("cancel web-1");
        await rig.Agents.SendAsync(build!, FakeAgents.Fail(CommandOutcome.Canceled, "cancel", "canceled", FailureKind.Canceled));

        (await rig.EndAsync(id)).Status.ShouldBe(DeploymentStatus.Canceled);
        rig.Agents.Kinds.ShouldBe(["build web-1", "cancel web-1"]);
    }

    [Fact]
    public async Task Where_the_builder_stays_offline_and_may_be_left_out_the_next_node_builds()
    {
        await using var rig = await StartAsync("web-1", "web-2", "web-3");
        await rig.ChangeProjectAsync(p => p with { Deployment = """{"offline_wait":"0s","offline_nodes":"exclude"}""" });
        rig.Agents.Answer = c => c.NodeId == "web-1" ? null : FakeAgents.Succeed(c);
        var id = (await rig.PushAsync()).Id;
        await rig.SentAsync("build web-1");

        var ended = await rig.EndBeatingAsync(id, TimeSpan.FromSeconds(20), () => Task.WhenAll(rig.Agents.BeatAsync("web-2"), rig.Agents.BeatAsync("web-3")));

        ended.Status.ShouldBe(DeploymentStatus.Succeeded, ended.Summary);
        ended.Summary!.ShouldContain("left out: web-1");
        Builds(rig)["web-2"].ShareTree.ShouldBeTrue();
        Builds(rig)["web-3"].Tree.ShouldBe(FakeAgents.Tree("web-2"));
    }

    [Fact]
    public async Task A_node_that_is_online_builds_before_one_that_is_not()
    {
        await using var rig = await StartAsync("web-1", "web-2");
        await rig.AdvanceUntilAsync(async () => await rig.Plane.Get<NodePresence>().OfflineSinceAsync("web-1", default) is not null, TimeSpan.FromSeconds(20), () => rig.Agents.BeatAsync("web-2"));

        await rig.EndAsync((await rig.PushAsync()).Id);

        rig.Agents.Kinds.Take(2).ShouldBe(["build web-2", "build web-1"]);
    }

    [Fact]
    public async Task What_was_shared_is_gone_when_the_deployment_has_ended()
    {
        await using var rig = await StartAsync("web-1", "web-2");
        var trees = rig.Plane.Get<SharedTreeStore>();
        var sha = FakeAgents.Tree("web-1").Sha256;
        string? during = null;
        rig.Agents.Answer = c =>
        {
            if (c is { NodeId: "web-1", Body: BuildCommand })
            {
                trees.AppendAsync(c.DeploymentId!, "web-1", sha, 0, "tree"u8.ToArray(), default).GetAwaiter().GetResult().Accepted.ShouldBeTrue();
            }
            else if (c.Body is BuildCommand)
            {
                during = trees.FindAsync(c.DeploymentId!, sha, default).GetAwaiter().GetResult();
            }

            return FakeAgents.Succeed(c);
        };

        var id = (await rig.PushAsync()).Id;
        await rig.EndAsync(id);

        during.ShouldBe($"trees/{id}/web-1/{sha}");
        (await trees.FindAsync(id, sha, default)).ShouldBeNull();
        (await trees.IsExpectedAsync(id, "web-1", default)).ShouldBeFalse();
        Directory.Exists(Path.Combine(rig.Plane.Folder, "logs/trees", id)).ShouldBeFalse();
    }

    /// <summary>Nodes of one system, all online, and a project that is built once.</summary>
    private static async Task<OrchestrationRig> StartAsync(params string[] nodes)
    {
        var rig = await OrchestrationRig.StartAsync(nodes);
        await rig.ChangeProjectAsync(p => p with { BuildOnce = true });
        foreach (var node in nodes)
        {
            await rig.Agents.BeatAsync(node);
        }

        return rig;
    }

    private static async Task BeatAsync(OrchestrationRig rig, string node, string system)
    {
        rig.Plane.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.Plane.Get<NodeStore>().RecordSignAsync(node, rig.Plane.Time.GetUtcNow(), new Heartbeat { AgentVersion = "1", Facts = TestData.Facts with { System = system } }, default);
    }

    private static Dictionary<string, BuildCommand> Builds(OrchestrationRig rig) => rig.Agents.Received.Where(c => c.Body is BuildCommand).ToDictionary(c => c.NodeId, c => (BuildCommand)c.Body);
}
