using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Edge;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Activation.Switching;

/// <summary>Decides how a switch goes, and writes that down. Until then nothing is touched.</summary>
internal sealed class SwitchStart(ReleaseStore releases, ReleaseStarter starter, RouteClaims claims, Edge.Edge edge)
{
    public Result<ActivationIntent> Begin(CommandContext context, SwitchPlan plan)
    {
        var (project, config) = (context.ProjectId, plan.To.Config);
        if (Mistake(config, plan) is { } mistake)
            return mistake;
        var from = releases.State(project)?.Slot ?? Slot.InPlace;
        var isBlueGreen = edge.IsOn && config.Deployment.Strategy is null or SwitchStrategy.BlueGreen;
        var intent = new ActivationIntent
        {
            CommandId = context.Command.CommandId,
            From = plan.From?.ReleaseId,
            FromSlot = from,
            To = plan.To.ReleaseId,
            ToSlot = !isBlueGreen ? Slot.InPlace : plan.From is null ? Slot.Blue : from.Other(),
        };
        if (starter.RefuseAnothers(project, plan.To, intent.ToSlot, Stages.Switch) is { } anothers)
            return anothers;
        return claims.Claim(project, EdgeRoute.Of(config), () => releases.Save(project, intent)) is { } taken ? taken : intent;
    }

    private Failure? Mistake(ProjectConfig config, SwitchPlan plan)
    {
        Failure Refuse(string message, string path, string hint) => new(Stages.Switch, FailureKind.Rejected, message) { Problems = [new Problem(path, message)], Hint = hint };
        const string TurnOn = "Install caddy on the node and put \"edge\": {} into /etc/vpspilot/agent.json, or do without it.";
        if (!edge.IsOn)
        {
            if (config.Deployment.Strategy == SwitchStrategy.BlueGreen)
                return Refuse("A blue-green switch needs an edge, and this node has none.", "$.deployment.strategy", TurnOn);
            if (plan.Percent is not null)
                return Refuse("A part of the traffic needs an edge, and this node has none.", "$.deployment.canary", TurnOn);
            if (config.Domains.Count > 0)
                return Refuse("A domain needs an edge, and this node has none.", "$.domains", TurnOn);
            return config.Edge.Port is null ? null : Refuse("A port of the edge needs an edge, and this node has none.", "$.edge.port", TurnOn);
        }

        return plan.Percent is not null && config.Deployment.Strategy == SwitchStrategy.InPlace
            ? Refuse("A part of the traffic needs two releases at once, and deployment.strategy is in-place.", "$.deployment.strategy", "Take it out, or deploy without a canary.")
            : null;
    }
}
