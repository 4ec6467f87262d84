using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Operations;
using VpsPilot.Functions.Operations.Api;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Secrets;

/// <summary>A project's secret values over HTTP: they go in, and never out.</summary>
internal sealed class EnvironmentFunctions(ISecretStore secrets, SecretUses uses, ProjectStore projects, OperationApi operations)
{
    /// <summary>All values of a project travel in one queue message, which holds 256 KB; sealing and JSON take their share.</summary>
    private const int MaxTotalBytes = 96 * 1024;

    /// <summary>Key Vault holds 25 KB.</summary>
    private const int MaxValueBytes = 24 * 1024;

    /// <summary>What there is; with <c>?release=</c> which versions that release got, on each node.</summary>
    [Function(nameof(ListEnvironment))]
    [RequireRole(Role.Viewer)]
    [Api("Names of a project's secret values, never the values", Answer = typeof(Page<SecretView>), Query = ["release"])]
    public async Task<IActionResult> ListEnvironment([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/projects/{project}/env")] HttpRequest request, string project, CancellationToken ct)
    {
        if (await projects.GetAsync(project, ct) is null)
        {
            return Answers.NotFound("project", project);
        }

        if (request.Query["release"].FirstOrDefault() is { } release)
        {
            return Deployments.DeploymentIds.IsValid(release)
                ? Paging.Answer(request, await uses.OfReleaseAsync(project, release, ct), SecretsJson.Default.PageSecretUse)
                : Answers.Invalid([new("release", "is not the id of a release.")]);
        }

        return Paging.Answer(request, [.. (await secrets.ListAsync(project, ct)).Select(SecretView.Of)], SecretsJson.Default.PageSecretView);
    }

    [Function(nameof(ListSecretVersions))]
    [RequireRole(Role.Viewer)]
    [Api("Versions of a secret value, newest first, never the values", Answer = typeof(Page<SecretView>), Query = ["environment", "node"])]
    public async Task<IActionResult> ListSecretVersions([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/projects/{project}/env/{name}/versions")] HttpRequest request, string project, string name, CancellationToken ct)
    {
        if (await projects.GetAsync(project, ct) is not { } found)
        {
            return Answers.NotFound("project", project);
        }

        var (place, errors) = SecretRequest.PlaceOf(request, found, name);
        return place is null ? Answers.Invalid(errors)
            : await secrets.VersionsAsync(place, ct) is { Count: > 0 } versions ? Paging.Answer(request, [.. versions.Select(SecretView.Of)], SecretsJson.Default.PageSecretView)
            : Answers.NotFound("secret", name);
    }

    /// <summary>Sets the next version; with <c>?restart=true</c> the project is then restarted with the newest values on the nodes that they reach.</summary>
    [Function(nameof(SetEnvironment))]
    [RequireRole(Role.Admin)]
    [Api("Sets the next version of a secret value; restart=true restarts the project with it (202)", Body = typeof(SetSecretRequest), Query = ["environment", "node", "restart"])]
    public async Task<IActionResult> SetEnvironment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/projects/{project}/env/{name}")] HttpRequest request, string project, string name, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        if (await projects.GetAsync(project, ct) is not { } found)
        {
            return Answers.NotFound("project", project);
        }

        var (body, problem) = await RequestBody.ReadJsonAsync(request, SecretsJson.Default.SetSecretRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        var (place, errors) = SecretRequest.PlaceOf(request, found, name);
        if (body.Value is null)
        {
            errors.Add(new("$.value", "is required."));
        }
        else if (body.Value.Contains('\0'))
        {
            errors.Add(new("$.value", "must not contain NUL."));
        }
        else if (Encoding.UTF8.GetByteCount(body.Value) is var size && size > MaxValueBytes)
        {
            errors.Add(new("$.value", $"must be at most {MaxValueBytes} bytes."));
        }
        else if (place is not null && (await secrets.ListAsync(project, ct)).Where(s => s.Name != name || s.Scope != place.Scope.Key).Sum(s => s.Bytes) + size > MaxTotalBytes)
        {
            errors.Add(new("$.value", $"would make the project's values larger than {MaxTotalBytes} bytes together."));
        }

        if (errors.Count > 0)
        {
            return Answers.Invalid(errors);
        }

        var info = await secrets.SetAsync(place!, body.Value!, Caller.Of(request.HttpContext).Name, ct);
        AuditChange.Note(request, null, SecretView.Of(info), SecretsJson.Default.SecretView);
        return await RestartAsync(request, client, found, place!.Scope, ct) is { } restart
            ? new JsonAnswer<SetSecretAnswer>(new SetSecretAnswer(SecretView.Of(info), restart), SecretsJson.Default.SetSecretAnswer, 202) { Location = $"/api/operations/{restart}" }
            : new StatusCodeResult(204);
    }

    private async Task<string?> RestartAsync(HttpRequest request, DurableTaskClient client, Project project, SecretScope scope, CancellationToken ct)
    {
        IReadOnlyList<string> nodes = [.. project.Nodes.Where(n => scope.Reaches(project.Environment, n))];
        return !SecretRequest.Asks(request, "restart") || nodes.Count == 0 ? null
            : (await operations.StartAsync(request, client, OperationKind.Restart, project.Id, nodes, new OperationArguments { RenewEnvironment = true }, ct)).Id;
    }

    [Function(nameof(DeleteEnvironment))]
    [RequireRole(Role.Admin)]
    [Api("Deletes a secret value with its versions", Query = ["environment", "node", "purge"])]
    public async Task<IActionResult> DeleteEnvironment([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/projects/{project}/env/{name}")] HttpRequest request, string project, string name, CancellationToken ct)
    {
        if (await projects.GetAsync(project, ct) is not { } found || SecretRequest.PlaceOf(request, found, name).Place is not { } place)
        {
            return Answers.NotFound("secret", name);
        }

        return await secrets.DeleteAsync(place, SecretRequest.Asks(request, "purge"), ct) switch
        {
            SecretDeletion.NotFound => Answers.NotFound("secret", name),
            SecretDeletion.PurgeRefused => Answers.Conflict("secret-purge-refused", "The secret is deleted, and the vault keeps it for the time of its soft delete.", "The vault has purge protection, or the app may not purge."),
            _ => new StatusCodeResult(204),
        };
    }
}
