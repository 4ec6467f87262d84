using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Dispatch;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Webhooks;

/// <summary>GitHub's webhook. Nothing is stored before the signature is right; a delivery that comes again finds the deployment that it started.</summary>
internal sealed class GitHubWebhookFunction(ProjectStore projects, DeploymentStarter starter, ILogger<GitHubWebhookFunction> logger)
{
    /// <summary>GitHub's own limit of a payload.</summary>
    private const int MaxBodyBytes = 25 * 1024 * 1024;
    private const int MaxSubjectCharacters = 200;
    private const string Branches = "refs/heads/";

    [Function(nameof(GitHubWebhook))]
    [OpenEndpoint]
    public async Task<IActionResult> GitHubWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/github/{project}")] HttpRequest request, string project, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        if (await projects.GetAsync(project, ct) is not { Provider: "github" } found)
        {
            return Answers.NotFound("project", project);
        }

        if (await RequestBody.ReadAsync(request, MaxBodyBytes, ct) is not { } body)
        {
            return RequestBody.TooLarge(MaxBodyBytes);
        }

        if (!GitHubSignature.IsValid(request.Headers["X-Hub-Signature-256"], body, projects.WebhookSecretOf(found)))
        {
            logger.DeliveryRefused(project, "its signature is missing or wrong");
            return Answers.Problem(401, "webhook-signature", "The signature is missing or wrong.", "X-Hub-Signature-256 must be the HMAC-SHA256 of the body under the project's webhook secret.");
        }

        return request.Headers["X-GitHub-Event"].ToString() switch
        {
            "push" => await PushAsync(request, found, body, client, ct),
            "ping" => Ignored("ping"),
            "" => Malformed("The header X-GitHub-Event is missing."),
            var other => Ignored($"the event '{other}' is not one that deploys"),
        };
    }

    private async Task<IActionResult> PushAsync(HttpRequest request, Project project, byte[] body, DurableTaskClient client, CancellationToken ct)
    {
        if (request.Headers["X-GitHub-Delivery"] is not [{ Length: > 0 and <= 100 } delivery])
        {
            return Malformed("The header X-GitHub-Delivery is missing.");
        }

        GitHubPush? push;
        try
        {
            push = JsonSerializer.Deserialize(body, WebhooksJson.Default.GitHubPush);
        }
        catch (JsonException e)
        {
            return Malformed($"The body is not the JSON of a push: {e.Message} Is the webhook's content type application/json?");
        }

        if (push is not { Ref: { Length: > 0 } reference })
        {
            return Malformed("The push has no 'ref'.");
        }

        if (Reason(push, reference, project) is { } reason)
        {
            return Ignored(reason);
        }

        if (!CommitId.IsFull(push.After))
        {
            return Malformed("The push has no 'after' with a full commit id.");
        }

        var deployment = await starter.StartAsync(client, project, new DeploymentRequest
        {
            Id = DeploymentIds.OfDelivery("github", project.Id, delivery),
            Trigger = DeploymentTrigger.Webhook,
            RequestedBy = push.Pusher?.Name ?? "github",
            Commit = push.After,
            Branch = reference[Branches.Length..],
            Subject = Subject(push.HeadCommit?.Message),
        }, ct);
        logger.DeliveryAccepted(delivery, deployment.Id, project.Id);
        return Answers.Ok(new DeliveryAccepted(deployment.Id), WebhooksJson.Default.DeliveryAccepted, 202);
    }

    /// <summary>Why a push deploys nothing; null when it does.</summary>
    private static string? Reason(GitHubPush push, string reference, Project project) => true switch
    {
        _ when !reference.StartsWith(Branches, StringComparison.Ordinal) => $"'{reference}' is not a branch",
        _ when push.Deleted => "the branch was deleted",
        _ when reference[Branches.Length..] != project.Branch => $"the project deploys the branch '{project.Branch}'",
        _ when !project.AutoDeploy => "the project does not deploy on a push",
        _ => null,
    };

    private static string? Subject(string? message)
    {
        var line = message?.Split('\n', 2)[0].Trim();
        return line is null or "" ? null : line[..Math.Min(line.Length, MaxSubjectCharacters)];
    }

    private static IActionResult Ignored(string reason) => Answers.Ok(new DeliveryIgnored(reason), WebhooksJson.Default.DeliveryIgnored);

    private static IActionResult Malformed(string detail) => Answers.Problem(400, "webhook-malformed", "The delivery is malformed.", detail);
}
