using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using System.Text.Json;
using VpsPilot.Cli.Api;

namespace VpsPilot.Cli.Deployments.Following;

/// <summary>Where a deployment stands, as its events have told so far. Immutable: one thread listens, another one draws.</summary>
internal sealed record DeploymentProgress
{
    /// <summary>Null before the first event.</summary>
    public DeploymentView? Deployment { get; init; }

    /// <summary>The nodes that were heard of, by name.</summary>
    public ImmutableSortedDictionary<string, DeploymentNodeView> Nodes { get; init; } = ImmutableSortedDictionary.Create<string, DeploymentNodeView>(StringComparer.Ordinal);

    /// <summary>How far the clock of the control plane is ahead of the one here.</summary>
    public TimeSpan Ahead { get; init; }

    /// <summary>The progress with one event more. Each event is the whole of what it names; unknown ones are passed over.</summary>
    public DeploymentProgress With(SseItem<string> item)
    {
        switch (item.EventType)
        {
            case "deployment":
                return this with { Deployment = JsonSerializer.Deserialize(item.Data, ApiJson.Default.DeploymentView) };
            case "node":
                var node = JsonSerializer.Deserialize(item.Data, ApiJson.Default.DeploymentNodeView)!;
                return WithNode(node with { Steps = Nodes.GetValueOrDefault(node.NodeId)?.Steps ?? [] });
            case "step":
                var step = JsonSerializer.Deserialize(item.Data, ApiJson.Default.StepView)!;
                var present = Nodes.GetValueOrDefault(step.NodeId!) ?? new DeploymentNodeView(step.NodeId!, "pending");
                var at = present.Steps.Index().Where(s => s.Item.Stage == step.Stage).Select(s => (int?)s.Index).FirstOrDefault();
                return WithNode(present with { Steps = at is { } i ? [.. present.Steps.Take(i), step, .. present.Steps.Skip(i + 1)] : [.. present.Steps, step] });
            default:
                return this;
        }
    }

    private DeploymentProgress WithNode(DeploymentNodeView node) => this with { Nodes = Nodes.SetItem(node.NodeId, node) };
}
