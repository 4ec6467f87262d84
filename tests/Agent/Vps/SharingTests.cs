using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Testbed;

namespace VpsPilot.Agent.Tests.Vps;

/// <summary>What one build compiled is sealed by another to the same store path, also where the agent dies on the way.</summary>
[Collection(AgentNodeCollection.Name)]
public sealed class SharingTests(AgentNode node)
{
    [VpsFact(Timeout = 300_000)]
    public async Task A_tree_that_is_never_twice_the_same_is_compiled_once_and_sealed_to_the_same_path()
    {
        var app = await node.CreateAppAsync("shared");
        app.Config = app.Config.Replace("\"true\"", "\"head -c 20 /dev/urandom | od > stamp; ln -s stamp link; mkdir -p empty; chmod +x server.js\"", StringComparison.Ordinal)
            .Replace("\"start\":", "\"persist\": [\"uploads\"], \"start\":", StringComparison.Ordinal);
        await app.CommitAsync("1");

        var built = (await BuildAsync(app, Stages.Share, b => b with { ShareTree = true })).ShouldNotBeNull();
        var tree = built.Tree.ShouldNotBeNull();
        tree.NodeId.ShouldBe("n1");
        var sealedAgain = (await BuildAsync(app, Stages.Receive, b => b with { Tree = tree })).ShouldNotBeNull();
        var compiledAgain = (await BuildAsync(app, Stages.Compile, b => b)).ShouldNotBeNull();

        sealedAgain.StorePath.ShouldBe(built.StorePath);
        compiledAgain.StorePath.ShouldNotBe(built.StorePath);
        node.Plane.Progress("shared-2.build.n1").Where(p => p.Stage is Stages.Compile).ShouldAllBe(p => p.State == StageState.Skipped && p.Detail == "done by node n1");
        (await node.Plane.DoAsync(app.Activate("shared-2"))).Serving.ShouldNotBeNull().StorePath.ShouldBe(built.StorePath);
        (await node.Vps.ExecAsync("ls", "/opt/vpspilot/cache/shared/builds")).Output.Trim().ShouldBeEmpty();
    }

    /// <summary>Builds, with the agent killed as the stage begins; what was built.</summary>
    private async Task<BuiltRelease?> BuildAsync(AppUnderTest app, string stage, Func<BuildCommand, BuildCommand> with)
    {
        var command = app.Build(app.NextDeployment());
        var result = await Death.AtStageAsync(node.Plane, app.Project, stage, node.KillAgentAsync, () => node.Plane.DoAsync(command with { Body = with((BuildCommand)command.Body) }));
        result.Outcome.ShouldBe(CommandOutcome.Succeeded, result.Failure?.ToString());
        node.Plane.Results(command.CommandId).Select(e => e.EventId).Distinct().ShouldHaveSingleItem();
        return result.Built;
    }
}
