using Microsoft.DurableTask;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Deployments.Orchestration.Groups;

namespace VpsPilot.Functions.Deployments.Orchestration;

/// <summary>Builds on every node before any is switched. Nothing that runs is touched.</summary>
internal sealed class BuildPhase(TaskOrchestrationContext context, DeploymentPlan plan, NodeGroups groups)
{
    public Task<GroupReport> RunAsync() => plan.BuildSets.Count > 0 ? new SharedBuildPhase(context, plan, groups).RunAsync() : EachAsync();

    /// <summary>The order to build.</summary>
    public static GroupOrder Order(TaskOrchestrationContext context, DeploymentPlan plan, IReadOnlyList<string> nodes, string? commit) => new()
    {
        DeploymentId = context.InstanceId,
        ProjectId = plan.ProjectId,
        Kind = CommandIds.Build,
        Nodes = nodes,
        Limit = plan.BuildTimeout,
        // What the commit says of it is known when it is built; a day is the most that it may say.
        OfflineWait = TimeSpan.FromDays(1),
        StopGrace = plan.CancelGrace,
        DoneAs = NodeStatus.Built,
        Commit = commit,
    };

    private async Task<GroupReport> EachAsync()
    {
        if (plan.Commit is not null || plan.Nodes.Count == 1)
        {
            return await groups.RunAsync(Order(plan.Nodes, plan.Commit));
        }

        // "The head of the branch" may move while nodes build; the first one that builds decides which commit it is for all.
        List<GroupReport> reports = [];
        foreach (var node in plan.Nodes)
        {
            reports.Add(await groups.RunAsync(Order([node], null)));
            if (reports[^1].Built is not null || reports[^1].Failures.Count > 0)
            {
                break;
            }
        }

        if (reports[^1].Built is { } first && plan.Nodes.Count > reports.Count)
        {
            reports.Add(await groups.RunAsync(Order([.. plan.Nodes.Skip(reports.Count)], first.Commit)));
        }

        return GroupReport.Merge(reports);
    }

    private GroupOrder Order(IReadOnlyList<string> nodes, string? commit) => Order(context, plan, nodes, commit);
}
