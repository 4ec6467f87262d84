using CsCheck;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments.Orchestration.Rollout;

namespace VpsPilot.Functions.Tests.Deployments.Orchestration.Rollout;

public sealed class RolloutStepsTests
{
    [Fact]
    public void Every_node_is_in_exactly_one_step_in_the_order_given()
    {
        var configs = Gen.Select(Gen.Enum<RolloutKind>(), Gen.Int[1, 150], Gen.Int[1, 99], Gen.Int[1, 150].Nullable(), Gen.Int[1, 120]);
        configs.Sample((kind, batch, percent, first, count) =>
        {
            var nodes = Enumerable.Range(0, count).Select(i => $"n{i}").ToArray();
            var config = new DeploymentConfig { Rollout = kind, Rolling = new() { Batch = batch }, Canary = new() { Percent = percent, Nodes = first } };

            var steps = RolloutSteps.Of(config, nodes);

            steps.SelectMany(s => s.Nodes).ShouldBe(nodes);
            steps.ShouldAllBe(s => s.Nodes.Count > 0);
            steps.Count(s => s.IsCanary).ShouldBe(kind == RolloutKind.Canary ? 1 : 0);
            steps.Any(s => s.TrafficPercent is not null).ShouldBe(kind == RolloutKind.Canary && count == 1);
        }, seed: "0000KOIPe036");
    }

    [Theory]
    [InlineData(10, null, 20, 2)]
    [InlineData(10, null, 3, 1)]
    [InlineData(10, null, 11, 2)]
    [InlineData(99, null, 2, 1)]
    [InlineData(10, 3, 5, 3)]
    [InlineData(10, 7, 5, 4)]
    public void A_share_of_the_nodes_goes_first_and_at_least_one_follows(int percent, int? count, int nodes, int first) =>
        RolloutSteps.Of(new() { Rollout = RolloutKind.Canary, Canary = new() { Percent = percent, Nodes = count } }, [.. Enumerable.Range(0, nodes).Select(i => $"{i}")])
            .Select(s => s.Nodes.Count).ShouldBe([first, nodes - first]);

    [Fact]
    public void A_node_that_is_left_of_several_proves_itself_with_all_of_its_traffic()
    {
        var step = RolloutSteps.Of(new() { Rollout = RolloutKind.Canary, Canary = new() { Percent = 10 } }, ["n0"], isLeftAlone: true).ShouldHaveSingleItem();

        (step.IsCanary, step.TrafficPercent).ShouldBe((true, null));
    }

    [Theory]
    [InlineData(19, 19, 0, 0, null)]
    [InlineData(20, 1, 0, 0, null)]
    [InlineData(20, 2, 0, 0, "2 of 20 answers of the nodes that went first were errors, more than 5 percent.")]
    [InlineData(100, 4, 100, 0, "4 of 100 answers of the nodes that went first were errors, and 0 of 100 of the others: more than 3 percent points apart.")]
    [InlineData(100, 4, 19, 0, null)]
    [InlineData(100, 4, 100, 1, null)]
    public void A_canary_is_judged_by_its_share_of_errors_and_by_that_of_the_others(long answers, long errors, long otherAnswers, long otherErrors, string? failure) =>
        (CanaryJudge.Judge(new() { MaxErrorRate = 5, MaxErrorRateAboveOthers = 3 }, new(answers, errors), new(otherAnswers, otherErrors))?.Message).ShouldBe(failure);

    [Fact]
    public void A_counter_that_was_set_back_counts_from_zero()
    {
        CanaryJudge.Since(new(100, 5), new(130, 6)).ShouldBe(new TrafficCount(30, 1));
        CanaryJudge.Since(new(100, 5), new(40, 2)).ShouldBe(new TrafficCount(40, 2));
        CanaryJudge.Since(null, new(40, 2)).ShouldBe(new TrafficCount(40, 2));
    }
}
