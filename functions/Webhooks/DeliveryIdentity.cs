using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Webhooks.Providers;

namespace VpsPilot.Functions.Webhooks;

/// <summary>
/// The deployment that a delivery belongs to, so that a redelivery changes nothing. Where a provider keeps a delivery's id, that id decides.
/// Where it gives a redelivery a new one, the move of the ref does: from which commit to which. A move that was seen is a new one only if the
/// ref stands where the move begins again, as after two force pushes there and back.
/// </summary>
internal sealed class DeliveryIdentity(DeploymentStore deployments)
{
    public async Task<string> DeploymentIdAsync(IWebhookProvider provider, Project project, Delivery delivery, Push push, CancellationToken ct)
    {
        var own = DeploymentIds.OfDelivery(provider.Name, project.Id, delivery.Id);
        if (provider.KeepsDeliveryIds)
        {
            return own;
        }

        var move = DeploymentIds.OfDelivery(provider.Name, project.Id, $"{push.Reference}\n{push.Before}\n{push.Commit}");
        if (await deployments.GetAsync(move, ct) is null)
        {
            return move;
        }

        var newest = (await deployments.ListAsync(project.Id, new Paging(1, null), ct)).Items is [var first, ..] ? first : null;
        return newest?.Branch == push.Branch && newest.Commit == push.Before ? own : move;
    }
}
