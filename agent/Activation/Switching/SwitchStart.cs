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
        if (SwitchNeeds.Mistake(config, edge.IsOn, plan.Percent is not null) is { } mistake)
            return plan.To.Locate(mistake);
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
        return claims.Claim(project, EdgeRoute.Of(config), () => releases.Save(project, intent)) is { } taken ? plan.To.Locate(taken) : intent;
    }
}
