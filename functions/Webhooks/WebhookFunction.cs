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
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Webhooks.Providers;

namespace VpsPilot.Functions.Webhooks;

/// <summary>The webhooks of all providers. Nothing is stored before the sender is known; a delivery that comes again finds the deployment that it started.</summary>
internal sealed class WebhookFunction(WebhookProviders providers, ProjectStore projects, DeliveryIdentity identity, LastDeliveries deliveries, DeploymentStarter starter, AuditLog audit, Denials denials, ILogger<WebhookFunction> logger)
{
    /// <summary>GitHub's own limit of a payload.</summary>
    private const int MaxBodyBytes = 25 * 1024 * 1024;
    private const int MaxSubjectCharacters = 200;
    private const int MaxNameCharacters = 100;

    [Function(nameof(ReceiveWebhook))]
    [OpenEndpoint]
    [Api("Takes a push of GitHub, GitLab, Gitea, Forgejo, Bitbucket or CI; the body is signed", Answer = typeof(DeliveryAccepted), Status = 202)]
    public async Task<IActionResult> ReceiveWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/{provider}/{project}")] HttpRequest request, string provider, string project, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        if (providers.Find(provider) is not { } sender || await projects.GetAsync(project, ct) is not { } found || !providers.MaySend(sender, found))
        {
            return Answers.NotFound("project", project);
        }

        if (await RequestBody.ReadAsync(request, MaxBodyBytes, ct) is not { } body)
        {
            return RequestBody.TooLarge(MaxBodyBytes);
        }

        if (!(await projects.WebhookSecretsAsync(found, ct)).Any(secret => sender.IsGenuine(request.Headers, body, secret)))
        {
            logger.DeliveryRefused(project, "its signature is missing or wrong");
            var problem = new ProblemDocument { Status = 401, Code = "webhook-signature", Title = "The signature is missing or wrong.", Detail = sender.SignatureRule };
            return await denials.UnknownAsync(request, nameof(ReceiveWebhook), problem, $"webhook\n{project}");
        }

        try
        {
            return await HandleAsync(request, sender, found, sender.Read(request.Headers, body), client, ct);
        }
        catch (JsonException e)
        {
            return Malformed($"The body is not the JSON that was expected: {e.Message} Is the webhook's content type application/json?");
        }
    }

    private async Task<IActionResult> HandleAsync(HttpRequest request, IWebhookProvider sender, Project project, Delivery delivery, DurableTaskClient client, CancellationToken ct)
    {
        if (delivery.Malformed is { } detail)
        {
            return Malformed(detail);
        }

        var reason = delivery.Ignored ?? "nothing was pushed";
        foreach (var push in delivery.Pushes.Reverse())
        {
            if (PushFilter.Reason(push, project, sender.IsExplicit) is { } not)
            {
                reason = not;
            }
            else
            {
                return PushFilter.Mistake(push) is { } mistake ? Malformed(mistake) : await DeployAsync(request, sender, project, delivery, push, client, ct);
            }
        }

        await deliveries.NoteAsync(project.Id, sender.Name, reason, ct);
        return Answers.Ok(new DeliveryIgnored(reason), WebhooksJson.Default.DeliveryIgnored);
    }

    private async Task<IActionResult> DeployAsync(HttpRequest request, IWebhookProvider sender, Project project, Delivery delivery, Push push, DurableTaskClient client, CancellationToken ct)
    {
        var deployment = await starter.StartAsync(client, project, new DeploymentRequest
        {
            Id = await identity.DeploymentIdAsync(sender, project, delivery, push, ct),
            Trigger = DeploymentTrigger.Webhook,
            RequestedBy = FirstLine(push.By, MaxNameCharacters) ?? sender.Name,
            Commit = push.Commit,
            Branch = push.Branch,
            Subject = FirstLine(push.Message, MaxSubjectCharacters),
        }, ct);
        await deliveries.NoteAsync(project.Id, sender.Name, null, ct);
        await audit.WriteAsync(denials.Entry(request, nameof(ReceiveWebhook), null, 202) with { Who = "webhook of " + sender.Name, Detail = $"deployment {deployment.Id}, pushed by {deployment.RequestedBy}" }, CancellationToken.None);
        logger.DeliveryAccepted(delivery.Id, deployment.Id, project.Id);
        return Answers.Ok(new DeliveryAccepted(deployment.Id), WebhooksJson.Default.DeliveryAccepted, 202);
    }

    private static string? FirstLine(string? text, int limit)
    {
        var line = text?.Split('\n', 2)[0].Trim();
        return line is null or "" ? null : line[..Math.Min(line.Length, limit)];
    }

    private static IActionResult Malformed(string detail) => Answers.Problem(400, "webhook-malformed", "The delivery is malformed.", detail);
}
