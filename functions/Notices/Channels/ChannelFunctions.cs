using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Notices.Senders;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Notices.Channels;

/// <summary>Channels of notices over HTTP: those of everything at <c>/api/notices</c>, those of one project below the project.</summary>
internal sealed class ChannelFunctions(ChannelStore channels, ProjectStore projects, NoticeSenders senders, TimeProvider time)
{
    private static readonly NoticeKind[] All = [.. Enum.GetValues<NoticeKind>().Where(k => k != NoticeKind.Test)];

    [Function(nameof(ListNotices))]
    [RequireRole(Role.Viewer)]
    [Api("Channels of notices of everything", Answer = typeof(Page<ChannelView>))]
    public Task<IActionResult> ListNotices([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/notices")] HttpRequest request, CancellationToken ct) => ListAsync(request, null, ct);

    [Function(nameof(ListProjectNotices))]
    [RequireRole(Role.Viewer)]
    [Api("Channels of notices of a project", Answer = typeof(Page<ChannelView>))]
    public Task<IActionResult> ListProjectNotices([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/projects/{project}/notices")] HttpRequest request, string project, CancellationToken ct) => ListAsync(request, project, ct);

    [Function(nameof(SetNotice))]
    [RequireRole(Role.Admin)]
    [Api("Makes or changes a channel of notices of everything", Body = typeof(ChannelRequest), Answer = typeof(ChannelView))]
    public Task<IActionResult> SetNotice([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/notices/{name}")] HttpRequest request, string name, CancellationToken ct) => SetAsync(request, null, name, ct);

    [Function(nameof(SetProjectNotice))]
    [RequireRole(Role.Admin)]
    [Api("Makes or changes a channel of notices of a project", Body = typeof(ChannelRequest), Answer = typeof(ChannelView))]
    public Task<IActionResult> SetProjectNotice([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/projects/{project}/notices/{name}")] HttpRequest request, string project, string name, CancellationToken ct) =>
        SetAsync(request, project, name, ct);

    [Function(nameof(DeleteNotice))]
    [RequireRole(Role.Admin)]
    [Api("Deletes a channel of notices of everything")]
    public Task<IActionResult> DeleteNotice([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/notices/{name}")] HttpRequest request, string name, CancellationToken ct) => DeleteAsync(request, null, name, ct);

    [Function(nameof(DeleteProjectNotice))]
    [RequireRole(Role.Admin)]
    [Api("Deletes a channel of notices of a project")]
    public Task<IActionResult> DeleteProjectNotice([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/projects/{project}/notices/{name}")] HttpRequest request, string project, string name, CancellationToken ct) =>
        DeleteAsync(request, project, name, ct);

    [Function(nameof(TestNotice))]
    [RequireRole(Role.Admin)]
    [Api("Sends a test message through a channel of everything", Answer = typeof(TestResult))]
    public Task<IActionResult> TestNotice([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/notices/{name}/test")] HttpRequest request, string name, CancellationToken ct) => TestAsync(null, name, ct);

    [Function(nameof(TestProjectNotice))]
    [RequireRole(Role.Admin)]
    [Api("Sends a test message through a channel of a project", Answer = typeof(TestResult))]
    public Task<IActionResult> TestProjectNotice([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/projects/{project}/notices/{name}/test")] HttpRequest request, string project, string name, CancellationToken ct) =>
        TestAsync(project, name, ct);

    private async Task<IActionResult> ListAsync(HttpRequest request, string? project, CancellationToken ct)
    {
        if (project is not null && await projects.GetAsync(project, ct) is null)
        {
            return Answers.NotFound("project", project);
        }

        var views = new List<ChannelView>();
        foreach (var channel in await channels.ListAsync(project, ct))
        {
            views.Add(ChannelView.Of(channel, await channels.StateOfAsync(project, channel.Name, ct)));
        }

        return Paging.Answer(request, views, NoticesJson.Default.PageChannelView);
    }

    private async Task<IActionResult> SetAsync(HttpRequest request, string? project, string name, CancellationToken ct)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync(request, NoticesJson.Default.ChannelRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        if (project is not null && await projects.GetAsync(project, ct) is null)
        {
            return Answers.NotFound("project", project);
        }

        if (!Identifier.IsValid(name))
        {
            return Answers.Invalid([new("name", Identifier.Rule)]);
        }

        var before = await channels.GetAsync(project, name, ct);
        var stored = before?.Kind == body.Kind ? await channels.SecretsOfAsync(project, name, ct) : new(null, null, null);
        var secrets = new ChannelSecrets(body.Url ?? stored.Url, body.Secret ?? stored.Secret, body.Password ?? stored.Password);
        var made = body.Kind == ChannelKind.Webhook && secrets.Secret is null ? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) : null;
        if (ChannelValidation.Check(body, secrets) is { Count: > 0 } errors)
        {
            return Answers.Invalid(errors);
        }

        var channel = new NoticeChannel
        {
            Name = name,
            ProjectId = project,
            Kind = body.Kind!.Value,
            Events = body.Events ?? All,
            Email = body.Kind == ChannelKind.Email ? body.Email : null,
            UpdatedAt = time.GetUtcNow(),
        };
        await channels.SetAsync(channel, secrets with { Secret = secrets.Secret ?? made }, Caller.Of(request.HttpContext).Name, ct);
        var view = ChannelView.Of(channel, await channels.StateOfAsync(project, name, ct));
        AuditChange.Note(request, before is null ? null : ChannelView.Of(before, new(null, null, null)), ChannelView.Of(channel, new(null, null, null)), NoticesJson.Default.ChannelView);
        return Answers.Ok(view with { Secret = made }, NoticesJson.Default.ChannelView, before is null ? 201 : 200);
    }

    private async Task<IActionResult> DeleteAsync(HttpRequest request, string? project, string name, CancellationToken ct)
    {
        if (!Identifier.IsValid(name) || await channels.GetAsync(project, name, ct) is not { } channel)
        {
            return Answers.NotFound("notice", name);
        }

        await channels.DeleteAsync(project, name, ct);
        AuditChange.Note(request, ChannelView.Of(channel, new(null, null, null)), null, NoticesJson.Default.ChannelView);
        return new StatusCodeResult(204);
    }

    private async Task<IActionResult> TestAsync(string? project, string name, CancellationToken ct)
    {
        if (!Identifier.IsValid(name) || await channels.GetAsync(project, name, ct) is not { } channel)
        {
            return Answers.NotFound("notice", name);
        }

        var now = time.GetUtcNow();
        var notice = new Notice { Id = $"test-{now.UtcTicks}", Kind = NoticeKind.Test, Title = "Test message of VPS Pilot", Text = "This channel works.", ProjectId = project, At = now };
        var outcome = await senders.SendAsync(channel, notice, ct);
        await channels.RecordAsync(project, name, now, outcome.Error, ct);
        return Answers.Ok(new TestResult(outcome.Error is null, outcome.Error), NoticesJson.Default.TestResult);
    }
}
