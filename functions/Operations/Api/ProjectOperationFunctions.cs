using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using VpsPilot.Contracts;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Operations.Api;

/// <summary>Body of <c>POST /api/projects/{id}/restart</c>: <c>"kept"</c> (the default) or <c>"current"</c> values.</summary>
internal sealed record RestartRequest(string? Environment);

/// <summary>Body of <c>POST /api/projects/{id}/run</c>: either a command line, or the name of one of the config's commands.</summary>
/// <param name="Command">Shell command line.</param>
/// <param name="Name">Name of a command of the config.</param>
/// <param name="TimeoutSeconds">Limit; default 900.</param>
/// <param name="Node">One node only; default all nodes of the project.</param>
internal sealed record RunRequest(string? Command, string? Name, int? TimeoutSeconds, string? Node);

/// <summary>Operations on a project: restart, stop, run a command. Each answers 202 with the operation.</summary>
internal sealed class ProjectOperationFunctions(ProjectStore projects, OperationApi api)
{
    [Function(nameof(RestartProject))]
    [RequireRole(Role.Deployer)]
    [Api("Restarts a project", Body = typeof(RestartRequest), Answer = typeof(OperationView), Status = 202)]
    public async Task<IActionResult> RestartProject(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/projects/{id}/restart")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        if (await projects.GetAsync(id, ct) is not { } project)
        {
            return Answers.NotFound("project", id);
        }

        var (body, problem) = await RequestBody.ReadJsonAsync(request, OperationsJson.Default.RestartRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        return body.Environment is null or "kept" or "current"
            ? await api.AcceptAsync(request, client, OperationKind.Restart, id, project.Nodes, new() { RenewEnvironment = body.Environment == "current" }, ct)
            : Answers.Invalid([new("$.environment", """must be "kept" or "current".""")]);
    }

    [Function(nameof(StopProject))]
    [RequireRole(Role.Deployer)]
    [Api("Stops a project", Answer = typeof(OperationView), Status = 202)]
    public async Task<IActionResult> StopProject(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/projects/{id}/stop")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken ct) =>
        await projects.GetAsync(id, ct) is { } project
            ? await api.AcceptAsync(request, client, OperationKind.Stop, id, project.Nodes, new(), ct)
            : Answers.NotFound("project", id);

    [Function(nameof(RunInProject))]
    [RequireRole(Role.Deployer)]
    [Api("Runs a command in the serving release", Body = typeof(RunRequest), Answer = typeof(OperationView), Status = 202)]
    public async Task<IActionResult> RunInProject(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/projects/{id}/run")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        if (await projects.GetAsync(id, ct) is not { } project)
        {
            return Answers.NotFound("project", id);
        }

        var (body, problem) = await RequestBody.ReadJsonAsync(request, OperationsJson.Default.RunRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        if (Mistakes(body, project) is { Count: > 0 } mistakes)
        {
            return Answers.Invalid(mistakes);
        }

        var arguments = new OperationArguments
        {
            Command = body.Name ?? body.Command,
            IsNamed = body.Name is not null,
            Timeout = body.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        return await api.AcceptAsync(request, client, OperationKind.Run, id, body.Node is { } node ? [node] : project.Nodes, arguments, ct);
    }

    private static List<Problem> Mistakes(RunRequest body, Project project)
    {
        var mistakes = new List<Problem>();
        if (string.IsNullOrWhiteSpace(body.Command) == string.IsNullOrWhiteSpace(body.Name))
        {
            mistakes.Add(new("$.command", "must be a command line, or else $.name the name of one of the config's commands."));
        }

        if ((body.Command ?? body.Name) is { } text && (text.Length > OperationLimits.LongestCommand || text.Contains('\0')))
        {
            mistakes.Add(new(body.Command is null ? "$.name" : "$.command", $"must have at most {OperationLimits.LongestCommand} characters."));
        }

        if (body.TimeoutSeconds is { } seconds && (seconds < 1 || seconds > OperationLimits.LongestRun.TotalSeconds))
        {
            mistakes.Add(new("$.timeoutSeconds", $"must be from 1 to {OperationLimits.LongestRun.TotalSeconds:0}."));
        }

        if (body.Node is { } node && !project.Nodes.Contains(node, StringComparer.Ordinal))
        {
            mistakes.Add(new("$.node", $"must be one of the project's nodes: {string.Join(", ", project.Nodes)}."));
        }

        return mistakes;
    }
}
