using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Storage;
using VpsPilot.Functions.Streams;

namespace VpsPilot.Functions.Operations.Api;

/// <summary>Operations over HTTP: read, follow and cancel.</summary>
internal sealed class OperationFunctions(OperationStore operations, OperationApi api, OperationCanceler canceler, StreamLife life, ILogStore logs, TimeProvider time)
{
    [Function(nameof(GetOperation))]
    [RequireRole(Role.Viewer)]
    [Api("One operation, with what nodes answered", Answer = typeof(OperationView))]
    public async Task<IActionResult> GetOperation([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/operations/{id}")] HttpRequest request, string id, CancellationToken ct) =>
        await operations.GetAsync(id, ct) is { } operation ? Answers.Ok(await api.ViewAsync(operation, ct), OperationsJson.Default.OperationView) : Answers.NotFound("operation", id);

    [Function(nameof(GetOperationLog))]
    [RequireRole(Role.Viewer)]
    [Api("The output of an operation as text; follow=1 goes on until the end", Media = "text/plain", Query = ["node", "offset", "follow"])]
    public async Task<IActionResult> GetOperationLog([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/operations/{id}/log")] HttpRequest request, string id, CancellationToken ct)
    {
        if (await operations.GetAsync(id, ct) is not { } operation)
        {
            return Answers.NotFound("operation", id);
        }

        var (range, problem) = LogRange.Of(request, operation.Nodes);
        if (range is null)
        {
            return problem!;
        }

        var follow = request.Query["follow"] is ["1" or "true"];
        return new OperationLogAnswer(logs, operations, canceler, life, time, operation, range.Nodes)
        {
            Follow = follow,
            Offset = range.Offset,
            // Whoever asked for a project's logs goes on with them here.
            EndsOperation = follow && operation.Arguments.Follow is not null && operation.RequestedBy == Caller.Of(request.HttpContext).Name,
        };
    }

    [Function(nameof(CancelOperation))]
    [RequireRole(Role.Deployer)]
    [Api("Cancels an operation", Answer = typeof(OperationView), Status = 202)]
    public async Task<IActionResult> CancelOperation([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/operations/{id}/cancel")] HttpRequest request, string id, CancellationToken ct)
    {
        if (await operations.GetAsync(id, ct) is not { } operation)
        {
            return Answers.NotFound("operation", id);
        }

        if (operation.Status != OperationStatus.Running)
        {
            return Answers.Conflict("operation-ended", "The operation has ended already.");
        }

        await canceler.CancelAsync(operation, ct);
        return Answers.Ok(await api.ViewAsync(operation, ct), OperationsJson.Default.OperationView, 202);
    }
}
