using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Secrets;

/// <summary>Body of <c>PUT /api/projects/{id}/env/{name}</c>.</summary>
internal sealed record SetSecretRequest(string? Value);

/// <summary>A secret as the API shows it: never its value.</summary>
internal sealed record SecretView(string Name, int Version, DateTimeOffset UpdatedAt, string UpdatedBy);

/// <summary>A project's secret values over HTTP: they go in, and never out.</summary>
internal sealed class EnvironmentFunctions(ISecretStore secrets, ProjectStore projects)
{
    /// <summary>All values of a project travel in one queue message, which holds 256 KB; sealing and JSON take their share.</summary>
    private const int MaxTotalBytes = 96 * 1024;
    private const int MaxValueBytes = 32 * 1024;

    [Function(nameof(ListEnvironment))]
    [RequireRole(Role.Viewer)]
    [Api("Names of a project's secret values, never the values", Answer = typeof(Page<SecretView>))]
    public async Task<IActionResult> ListEnvironment([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "projects/{project}/env")] HttpRequest request, string project, CancellationToken ct)
    {
        if (await projects.GetAsync(project, ct) is null)
        {
            return Answers.NotFound("project", project);
        }

        var items = await secrets.ListAsync(project, ct);
        return Answers.Ok(new Page<SecretView>([.. items.Select(View)], null), SecretsJson.Default.PageSecretView);
    }

    [Function(nameof(SetEnvironment))]
    [RequireRole(Role.Admin)]
    [Api("Sets a secret value", Body = typeof(SetSecretRequest))]
    public async Task<IActionResult> SetEnvironment([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "projects/{project}/env/{name}")] HttpRequest request, string project, string name, CancellationToken ct)
    {
        if (await projects.GetAsync(project, ct) is null)
        {
            return Answers.NotFound("project", project);
        }

        var (body, problem) = await RequestBody.ReadJsonAsync(request, SecretsJson.Default.SetSecretRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        var errors = new List<Contracts.Problem>();
        if (!IsName(name))
        {
            errors.Add(new("name", "must be letters, digits and underscores, not starting with a digit, at most 128."));
        }

        if (body.Value is null)
        {
            errors.Add(new("$.value", "is required."));
        }
        else if (Encoding.UTF8.GetByteCount(body.Value) > MaxValueBytes)
        {
            errors.Add(new("$.value", $"is larger than {MaxValueBytes} bytes."));
        }
        else if ((await secrets.ListAsync(project, ct)).Where(s => s.Name != name).Sum(s => s.Bytes) + Encoding.UTF8.GetByteCount(body.Value) > MaxTotalBytes)
        {
            errors.Add(new("$.value", $"would make the project's values larger than {MaxTotalBytes} bytes together."));
        }

        if (errors.Count > 0)
        {
            return Answers.Invalid(errors);
        }

        var info = await secrets.SetAsync(project, name, body.Value!, Caller.Of(request.HttpContext).Name, ct);
        AuditChange.Note(request, null, View(info), SecretsJson.Default.SecretView);
        return new StatusCodeResult(204);
    }

    [Function(nameof(DeleteEnvironment))]
    [RequireRole(Role.Admin)]
    [Api("Deletes a secret value")]
    public async Task<IActionResult> DeleteEnvironment([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "projects/{project}/env/{name}")] HttpRequest request, string project, string name, CancellationToken ct) =>
        IsName(name) && await secrets.DeleteAsync(project, name, ct) ? new StatusCodeResult(204) : Answers.NotFound("secret", name);

    private static SecretView View(SecretInfo info) => new(info.Name, info.Version, info.UpdatedAt, info.UpdatedBy);

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 128 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
