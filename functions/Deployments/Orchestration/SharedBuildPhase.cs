using Microsoft.DurableTask;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments.Orchestration.Groups;

namespace VpsPilot.Functions.Deployments.Orchestration;

/// <summary>
/// Builds once for each system: first one node of each compiles and hands its tree over, then the others seal that tree. Where the node whose turn
/// it is stays offline, and the config lets the deployment go on without it, the next one builds.
/// </summary>
internal sealed class SharedBuildPhase(TaskOrchestrationContext context, DeploymentPlan plan, NodeGroups groups)
{
    private readonly List<GroupReport> reports = [];

    public async Task<GroupReport> RunAsync()
    {
        var sets = plan.BuildSets.Select(nodes => new BuildSet(nodes)).ToList();
        var commit = plan.Commit;
        while (sets.Where(s => s.IsToBuild).ToList() is { Count: > 0 } open)
        {
            // "The head of the branch" may move while nodes build; the first one that builds decides which commit it is for all.
            var turn = commit is null ? open.Take(1).ToList() : open;
            var answers = await RunAsync(turn.Select(s => BuildPhase.Order(context, plan, [s.Next()], commit) with { ShareTree = s.HasOthers }));
            if (answers.Any(a => a.Failures.Count > 0))
            {
                return GroupReport.Merge(reports);
            }

            foreach (var (set, answer) in turn.Zip(answers))
            {
                set.Built = answer.Built;
                commit ??= answer.Built?.Commit;
            }
        }

        await RunAsync(sets.Where(s => s is { Built: not null, HasOthers: true }).Select(s => BuildPhase.Order(context, plan, s.Others, commit) with { Tree = s.Built!.Tree, StorePath = s.Built.StorePath }));
        return GroupReport.Merge(reports);
    }

    private async Task<IReadOnlyList<GroupReport>> RunAsync(IEnumerable<GroupOrder> orders)
    {
        var answers = await groups.RunAsync([.. orders]);
        reports.AddRange(answers);
        return answers;
    }

    /// <summary>Nodes of one system, in the order in which they are asked to build.</summary>
    private sealed class BuildSet(IReadOnlyList<string> nodes)
    {
        private int asked;

        public BuiltRelease? Built { get; set; }

        public bool IsToBuild => Built is null && asked < nodes.Count;

        /// <summary>Nodes beside the one that was asked last, and those before it.</summary>
        public bool HasOthers => asked < nodes.Count;

        public IReadOnlyList<string> Others => [.. nodes.Skip(asked)];

        public string Next() => nodes[asked++];
    }
}
