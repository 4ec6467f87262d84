using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.DurableTask.Client;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Operations.Api;

/// <summary>Starts operations for HTTP functions, and shows them.</summary>
internal sealed class OperationApi(OperationStarter starter, OperationStore operations, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Starts one and answers 202 with where it is. An <c>Idempotency-Key</c> starts one only.</summary>
    public async Task<IActionResult> AcceptAsync(
        HttpRequest request, DurableTaskClient client, OperationKind kind, string? project, IReadOnlyList<string> nodes, OperationArguments arguments, CancellationToken ct)
    {
        var operation = await StartAsync(request, client, kind, project, nodes, arguments, ct);
        return new JsonAnswer<OperationView>(await ViewAsync(operation, ct), OperationsJson.Default.OperationView, 202) { Location = $"/api/operations/{operation.Id}" };
    }

    public Task<Operation> StartAsync(
        HttpRequest request, DurableTaskClient client, OperationKind kind, string? project, IReadOnlyList<string> nodes, OperationArguments arguments, CancellationToken ct)
    {
        var key = HttpMethods.IsPost(request.Method) && request.Headers["Idempotency-Key"] is [{ Length: > 0 } given] ? given : null;
        return starter.StartAsync(client, kind, project, nodes, Caller.Of(request.HttpContext).Name, arguments, key, ct);
    }

    /// <summary>Waits for the end, not longer than the limit; how it stands then.</summary>
    public async Task<OperationView> WaitAsync(string id, TimeSpan limit, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var operation = (await operations.GetAsync(id, ct))!;
            if (operation.FinishedAt is not null || time.GetElapsedTime(started) >= limit)
            {
                return await ViewAsync(operation, ct);
            }

            await Task.Delay(Poll, time, ct);
        }
    }

    public async Task<OperationView> ViewAsync(Operation operation, CancellationToken ct) => OperationView.Of(operation, await operations.NodesAsync(operation.Id, ct));
}
