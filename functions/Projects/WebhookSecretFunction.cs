using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Projects;

/// <summary>Body of <c>POST /api/projects/{id}/webhook-secret</c>.</summary>
/// <param name="OverlapHours">How long the secret of now still counts, 0 to 168 hours; default 24.</param>
internal sealed record RotateSecretRequest(int? OverlapHours);

/// <summary>The new secret, shown only in this answer.</summary>
/// <param name="WebhookSecret">The secret.</param>
/// <param name="PreviousValidUntil">Until when the earlier one counts too; null when it does not.</param>
internal sealed record RotatedSecret(string WebhookSecret, DateTimeOffset? PreviousValidUntil);

/// <summary>Gives a project a new webhook secret; the earlier one counts for a while, so that no delivery is lost meanwhile.</summary>
internal sealed class WebhookSecretFunction(ProjectStore projects, TimeProvider time)
{
    private const int StandardHours = 24;
    private const int MostHours = 7 * 24;

    [Function(nameof(RotateWebhookSecret))]
    [RequireRole(Role.Admin)]
    [Api("A new webhook secret; the earlier one counts for a while", Body = typeof(RotateSecretRequest), Answer = typeof(RotatedSecret), Status = 201)]
    public async Task<IActionResult> RotateWebhookSecret([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/projects/{id}/webhook-secret")] HttpRequest request, string id, CancellationToken ct)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync(request, ProjectsJson.Default.RotateSecretRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        var hours = body.OverlapHours ?? StandardHours;
        if (hours is < 0 or > MostHours)
        {
            return Answers.Invalid([new("$.overlapHours", $"must be 0 to {MostHours}.")]);
        }

        if (!Identifier.IsValid(id))
        {
            return Answers.NotFound("project", id);
        }

        var secret = await projects.NewWebhookSecretAsync(id, ct);
        DateTimeOffset? until = hours == 0 ? null : time.GetUtcNow().AddHours(hours);
        var project = await projects.UpdateAsync(id, p => p with
        {
            WebhookSecret = secret.Stored,
            PreviousWebhookSecret = until is null ? null : p.WebhookSecret,
            PreviousWebhookSecretUntil = until,
        }, ct);
        return project is null ? Answers.NotFound("project", id) : Answers.Ok(new RotatedSecret(secret.Text, until), ProjectsJson.Default.RotatedSecret, 201);
    }
}
