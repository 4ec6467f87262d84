using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;

namespace VpsPilot.Cli.Deployments.Following;

/// <summary>Follows a deployment to its end, and says how it ended.</summary>
internal static class Follower
{
    /// <returns>The exit code: 0 only when the deployment succeeded.</returns>
    public static async Task<int> FollowAsync(Session session, ApiClient api, string deployment, CancellationToken ct)
    {
        var output = session.Output;
        IProgressView view = output.IsJson ? new EventView(output) : output.IsTerminal ? new LiveView() : new PlainView(output);
        try
        {
            if (await view.ShowAsync(take => new ProgressReader(api, deployment).ReadAsync(take, ct), ct) is { } complaint)
            {
                return output.Fail(complaint with { Hint = $"The deployment goes on. Follow it again with: vpspilot deployments {deployment} --follow" });
            }

            var ended = await api.GetAsync(Route.To($"api/deployments/{deployment}"), ApiJson.Default.DeploymentView, ct);
            if (ended.Value is not { } last)
            {
                return output.Fail(ended.Complaint!);
            }

            if (!output.IsJson)
            {
                return await Verdict.TellAsync(output, api, last, ct);
            }

            output.Event("end", ended.Json!);
            return last.Status == "succeeded" ? ExitCode.Done : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await Console.Error.WriteAsync($"The deployment goes on. Follow it again with: vpspilot deployments {deployment} --follow   Stop it with: vpspilot cancel {deployment}\n");
            return ExitCode.Interrupted;
        }
    }
}
