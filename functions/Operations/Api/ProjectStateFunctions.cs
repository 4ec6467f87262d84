using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using VpsPilot.Contracts;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Storage;
using VpsPilot.Functions.Streams;

namespace VpsPilot.Functions.Operations.Api;

/// <summary>How a project stands on its nodes, what it writes, what it has archived. The first two ask the nodes, as operations do.</summary>
internal sealed class ProjectStateFunctions(ProjectStore projects, OperationApi api, OperationStore operations, BackupReports backups, OperationCanceler canceler, StreamLife life, ILogStore logs, TimeProvider time)
{
    /// <summary>A node that is online answers in a moment; the answer says which ones did not.</summary>
    private static readonly TimeSpan StatusPatience = TimeSpan.FromSeconds(10);

    [Function(nameof(GetProjectStatus))]
    [RequireRole(Role.Viewer)]
    [Api("Units of a project on its nodes", Answer = typeof(OperationView))]
    public async Task<IActionResult> GetProjectStatus(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/projects/{id}/status")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        if (await projects.GetAsync(id, ct) is not { } project)
        {
            return Answers.NotFound("project", id);
        }

        var operation = await api.StartAsync(request, client, OperationKind.Status, id, project.Nodes, new(), ct);
        return Answers.Ok(await api.WaitAsync(operation.Id, StatusPatience, ct), OperationsJson.Default.OperationView);
    }

    /// <summary>The last lines as text; with <c>?follow=1</c> it goes on until the caller leaves, or for an hour.</summary>
    [Function(nameof(GetProjectLogs))]
    [RequireRole(Role.Viewer)]
    [Api("A project's own output as text", Media = "text/plain")]
    public async Task<IActionResult> GetProjectLogs(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/projects/{id}/logs")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        if (await projects.GetAsync(id, ct) is not { } project)
        {
            return Answers.NotFound("project", id);
        }

        var mistakes = new List<Problem>();
        var lines = 100;
        if (request.Query["lines"] is [{ Length: > 0 } text] && (!int.TryParse(text, out lines) || lines is < 0 or > OperationLimits.MostLines))
        {
            mistakes.Add(new("lines", $"must be a number from 0 to {OperationLimits.MostLines}."));
        }

        if (request.Query["node"] is [{ Length: > 0 } only] && !project.Nodes.Contains(only, StringComparer.Ordinal))
        {
            mistakes.Add(new("node", $"must be one of the project's nodes: {string.Join(", ", project.Nodes)}."));
        }

        if (mistakes.Count > 0)
        {
            return Answers.Invalid(mistakes);
        }

        IReadOnlyList<string> nodes = request.Query["node"] is [{ Length: > 0 } node] ? [node] : project.Nodes;
        var follow = request.Query["follow"] is ["1" or "true"];
        var arguments = new OperationArguments { Lines = lines, Follow = follow ? OperationLimits.LongestFollow : null, Process = request.Query["process"] is [{ Length: > 0 } process] ? process : null };
        var operation = await api.StartAsync(request, client, OperationKind.Logs, id, nodes, arguments, ct);
        return new OperationLogAnswer(logs, operations, canceler, life, time, operation, nodes) { Follow = true, EndsOperation = follow, ShowFailures = true };
    }

    [Function(nameof(ListBackups))]
    [RequireRole(Role.Viewer)]
    [Api("Backups of a project on its nodes", Answer = typeof(Page<BackupView>))]
    public async Task<IActionResult> ListBackups([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/projects/{id}/backups")] HttpRequest request, string id, CancellationToken ct)
    {
        if (await projects.GetAsync(id, ct) is null)
        {
            return Answers.NotFound("project", id);
        }

        var all = (await backups.ListAsync(id, ct)).SelectMany(n => n.Archives.Select(a => BackupView.Of(n.NodeId, a))).OrderByDescending(b => b.CreatedAt);
        return Paging.Answer(request, [.. all], OperationsJson.Default.PageBackupView);
    }
}
