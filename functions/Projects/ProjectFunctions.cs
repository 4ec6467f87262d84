using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Lanes;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Notices.Channels;
using VpsPilot.Functions.Notices.GitHub;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Secrets;
using VpsPilot.Functions.Webhooks;

namespace VpsPilot.Functions.Projects;

/// <summary>Projects over HTTP.</summary>
internal sealed class ProjectFunctions(ProjectStore projects, ProjectValidation validation, ISecretStore secrets, SecretUses uses, LaneStore lanes, ReleaseStore releases, ChannelStore channels, StatusTokens statusTokens, LastDeliveries deliveries, PublicAddress address, TimeProvider time)
{
    [Function(nameof(CreateProject))]
    [RequireRole(Role.Admin)]
    [Api("Makes a project; its webhook secret is only in this answer", Body = typeof(ProjectRequest), Answer = typeof(ProjectView), Status = 201)]
    public async Task<IActionResult> CreateProject([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/projects")] HttpRequest request, CancellationToken ct)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync(request, ProjectsJson.Default.ProjectRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        var errors = await validation.CheckNewAsync(body, ct);
        if (errors.Count > 0)
        {
            return Answers.Invalid(errors);
        }

        var secret = await projects.NewWebhookSecretAsync(body.Id!, ct);
        var project = new Project
        {
            Id = body.Id!,
            Repository = body.Repository!,
            Branch = body.Branch ?? "main",
            ConfigFile = body.ConfigFile,
            Nodes = body.Nodes!,
            Provider = body.Provider ?? "github",
            AutoDeploy = body.AutoDeploy ?? true,
            Environment = body.Environment ?? "production",
            BuildOnce = body.BuildOnce ?? false,
            Deployment = body.DeploymentOver(null),
            Branches = Patterns(body.Branches),
            Tags = Patterns(body.Tags),
            Paths = Patterns(body.Paths),
            WebhookSecret = secret.Stored,
            CreatedAt = time.GetUtcNow(),
        };
        if (!await projects.InsertAsync(project, ct))
        {
            return Answers.Conflict("project-exists", $"There is a project '{project.Id}' already.");
        }

        var view = ProjectView.Of(project, address.Of(request));
        AuditChange.Note(request, null, view, ProjectsJson.Default.ProjectView);
        return new JsonAnswer<ProjectView>(view with { WebhookSecret = secret.Text }, ProjectsJson.Default.ProjectView, 201) { Location = $"/api/projects/{project.Id}" };
    }

    [Function(nameof(GetProject))]
    [RequireRole(Role.Viewer)]
    [Api("One project", Answer = typeof(ProjectView), HasVersions = true)]
    public async Task<IActionResult> GetProject([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/projects/{id}")] HttpRequest request, string id, CancellationToken ct) =>
        await projects.FindAsync(id, ct) is { } project ? Answer(ProjectView.Of(project.Value, address.Of(request)), project.ETag) : Answers.NotFound("project", id);

    [Function(nameof(ListProjects))]
    [RequireRole(Role.Viewer)]
    [Api("Projects", Answer = typeof(Page<ProjectView>))]
    public async Task<IActionResult> ListProjects([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/projects")] HttpRequest request, CancellationToken ct)
    {
        var (paging, errors) = Paging.Of(request);
        if (paging is null)
        {
            return Answers.Invalid(errors);
        }

        var page = await projects.ListAsync(paging, ct);
        var baseUrl = address.Of(request);
        return Answers.Ok(new Page<ProjectView>([.. page.Items.Select(p => ProjectView.Of(p.Value, baseUrl))], Paging.Cursor(page.Continuation)), ProjectsJson.Default.PageProjectView);
    }

    [Function(nameof(ChangeProject))]
    [RequireRole(Role.Admin)]
    [Api("Changes what is given", Body = typeof(ProjectRequest), Answer = typeof(ProjectView), HasVersions = true)]
    public async Task<IActionResult> ChangeProject([HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "api/projects/{id}")] HttpRequest request, string id, CancellationToken ct)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync(request, ProjectsJson.Default.ProjectRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        var errors = await validation.CheckAsync(body, ct);
        if (body.Id is not null && body.Id != id)
        {
            errors = [new("$.id", "cannot be changed."), .. errors];
        }

        if (errors.Count > 0)
        {
            return Answers.Invalid(errors);
        }

        var (before, after) = await projects.ChangeAsync(id, version => IfMatch.Allows(request, version), p => p with
        {
            Repository = body.Repository ?? p.Repository,
            Branch = body.Branch ?? p.Branch,
            ConfigFile = body.ConfigFile ?? p.ConfigFile,
            Nodes = body.Nodes ?? p.Nodes,
            Provider = body.Provider ?? p.Provider,
            AutoDeploy = body.AutoDeploy ?? p.AutoDeploy,
            Environment = body.Environment ?? p.Environment,
            BuildOnce = body.BuildOnce ?? p.BuildOnce,
            Deployment = body.DeploymentOver(p.Deployment),
            Branches = body.Branches is null ? p.Branches : Patterns(body.Branches),
            Tags = body.Tags is null ? p.Tags : Patterns(body.Tags),
            Paths = body.Paths is null ? p.Paths : Patterns(body.Paths),
        }, ct);
        if (before is null || after is null)
        {
            return before is null ? Answers.NotFound("project", id) : IfMatch.Failed(before.ETag);
        }

        var view = ProjectView.Of(after.Value, address.Of(request));
        AuditChange.Note(request, ProjectView.Of(before.Value, address.Of(request)), view, ProjectsJson.Default.ProjectView);
        return Answer(view, after.ETag);
    }

    [Function(nameof(DeleteProject))]
    [RequireRole(Role.Admin)]
    [Api("Deletes a project that is not being deployed", HasVersions = true)]
    public async Task<IActionResult> DeleteProject([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/projects/{id}")] HttpRequest request, string id, CancellationToken ct)
    {
        if (await projects.FindAsync(id, ct) is not { } project)
        {
            return Answers.NotFound("project", id);
        }

        if (!IfMatch.Allows(request, project.ETag))
        {
            return IfMatch.Failed(project.ETag);
        }

        if ((await lanes.GetAsync(id, ct)).Active is { } active)
        {
            return Answers.Conflict("project-is-deploying", $"The deployment {active} of the project has not ended.", "Cancel it, or wait for its end.");
        }

        foreach (var secret in await secrets.ListAsync(id, ct))
        {
            await secrets.DeleteAsync(secret.PlaceIn(id), purge: false, ct);
        }

        await uses.DeleteAllAsync(id, ct);
        await releases.DeleteAllAsync(id, ct);
        await channels.DeleteAllAsync(id, ct);
        await statusTokens.DeleteAsync(id, ct);
        await deliveries.DeleteAsync(id, ct);
        await projects.DeleteAsync(id, ct);
        AuditChange.Note(request, ProjectView.Of(project.Value, address.Of(request)), null, ProjectsJson.Default.ProjectView);
        return new StatusCodeResult(204);
    }

    private static JsonAnswer<ProjectView> Answer(ProjectView view, string version) => new(view, ProjectsJson.Default.ProjectView, 200) { ETag = IfMatch.Header(version) };

    private static IReadOnlyList<string>? Patterns(IReadOnlyList<string>? given) => given is { Count: > 0 } ? given : null;
}
