using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Deployments.Following;

/// <summary>What a deployment came to: the log of what failed, one line that says it, and the next thing to type.</summary>
internal static class Verdict
{
    /// <returns>The exit code.</returns>
    public static async Task<int> TellAsync(Writer output, ApiClient api, DeploymentView deployment, CancellationToken ct)
    {
        var failed = deployment.Nodes?.FirstOrDefault(n => n.Failure is not null);
        var failure = failed?.Failure ?? deployment.Failure;
        if (failed is not null && await LogTail.ReadAsync(api, deployment.Id, failed.NodeId, failure!.Step, ct) is { Count: > 0 } lines)
        {
            output.Line($"--- log of {failure.Step} on {failed.NodeId}, its last lines", Styles.Faint);
            foreach (var line in lines)
            {
                output.Line(line);
            }

            output.Line("---", Styles.Faint);
        }

        output.Write(deployment.Status, Styles.Of(deployment.Status));
        var took = deployment.FinishedAt is { } end ? $" ({Words.Duration(end - (deployment.StartedAt ?? deployment.CreatedAt))})" : "";
        output.Line($": {deployment.ProjectId}: {deployment.Summary}{took}");
        if (deployment.Status != "succeeded" && failure?.Hint is { } hint)
        {
            output.Line($"hint:  {hint}");
        }

        output.Line($"next:  {Next(deployment)}");
        return deployment.Status == "succeeded" ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Next(DeploymentView deployment) => deployment.Status switch
    {
        "succeeded" => $"vpspilot status -p {deployment.ProjectId}",
        "superseded" => $"vpspilot deployments -p {deployment.ProjectId}",
        "canceled" => $"vpspilot deploy -p {deployment.ProjectId}",
        _ => $"vpspilot logs --build {deployment.Id} -p {deployment.ProjectId}",
    };
}
