using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Notices.Outbox;

/// <summary>Makes of an occasion the notice that it is worth.</summary>
internal sealed class OccasionReader(DeploymentStore deployments, ControlPlaneOptions options, TimeProvider time)
{
    /// <summary>A state that has not come by then will not come under this announcement.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Whether the state that was announced is there.</summary>
    public async Task<Arrival> ArrivalAsync(Occasion occasion, CancellationToken ct)
    {
        if (occasion.DeploymentId is not { } id)
        {
            return Arrival.Here;
        }

        var status = (await deployments.GetAsync(id, ct))?.Status;
        var isHere = status == occasion.Status || (occasion.Status?.IsFinal() == false && status > occasion.Status);
        return isHere ? Arrival.Here : time.GetUtcNow() - occasion.At > Patience ? Arrival.Never : Arrival.Later;
    }

    /// <summary>The notice of an occasion; null when nobody wants to be told.</summary>
    public async Task<Notice?> NoticeAsync(Occasion occasion, CancellationToken ct)
    {
        if (occasion.DeploymentId is not { } id || await deployments.GetAsync(id, ct) is not { } deployment)
        {
            return occasion.Notice;
        }

        var kind = occasion.Status switch
        {
            DeploymentStatus.Failed => NoticeKind.Failed,
            DeploymentStatus.RolledBack => NoticeKind.RolledBack,
            DeploymentStatus.Succeeded when await WasBrokenAsync(deployment, ct) => NoticeKind.Recovered,
            _ => (NoticeKind?)null,
        };
        return kind is not { } told ? null : new Notice
        {
            Id = $"{id}-{occasion.Status!.Value.Name()}",
            Kind = told,
            Title = $"{deployment.ProjectId}: {Words(told)}",
            Text = $"{deployment.Summary ?? "No reason was given."} (commit {deployment.Commit?[..Math.Min(12, deployment.Commit.Length)] ?? "unknown"} on {deployment.Branch}, asked for by {deployment.RequestedBy})",
            ProjectId = deployment.ProjectId,
            DeploymentId = id,
            Url = options.PublicUrl is { } url ? $"{url.ToString().TrimEnd('/')}/deployments/{id}" : null,
            At = deployment.FinishedAt ?? occasion.At,
        };
    }

    /// <summary>True when the last deployment of the project before this one that came to a verdict was a bad one.</summary>
    private async Task<bool> WasBrokenAsync(Deployment deployment, CancellationToken ct)
    {
        await foreach (var before in deployments.NewestAsync(deployment.ProjectId, ct))
        {
            if (before.CreatedAt < deployment.CreatedAt && before.Status is DeploymentStatus.Succeeded or DeploymentStatus.Failed or DeploymentStatus.RolledBack)
            {
                return before.Status != DeploymentStatus.Succeeded;
            }
        }

        return false;
    }

    private static string Words(NoticeKind kind) => kind switch
    {
        NoticeKind.Failed => "deployment failed",
        NoticeKind.RolledBack => "release was rolled back",
        _ => "deployments work again",
    };
}

/// <summary>Whether an announced state has come.</summary>
internal enum Arrival
{
    Here,
    Later,
    Never,
}
