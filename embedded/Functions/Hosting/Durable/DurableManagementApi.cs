using System.Text.Json;
using System.Text.Json.Nodes;
using DurableTask.Core.History;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Embedded.Functions.Hosting.Http;

namespace VpsPilot.Embedded.Functions.Hosting.Durable;

/// <summary>The HTTP management API of Durable Functions, behind the system key. Shapes: Microsoft's reference "HTTP APIs in Durable Functions".</summary>
internal static class DurableManagementApi
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup(ManagementAddresses.Path);
        group.AddEndpointFilter(async (context, next) =>
            context.HttpContext.RequestServices.GetRequiredService<AccessKeys>().Opens(context.HttpContext.Request, AuthorizationLevel.System)
                ? await next(context)
                : Results.Unauthorized());
        group.MapGet("", ListAsync);
        group.MapDelete("", PurgeManyAsync);
        group.MapGet("{id}", GetAsync);
        group.MapDelete("{id}", PurgeAsync);
        group.MapPost("{id}/raiseEvent/{name}", RaiseEventAsync);
        group.MapPost("{id}/terminate", (string id, string? reason, DurableTaskClient client, CancellationToken ct) => SteerAsync(id, client, () => client.TerminateInstanceAsync(id, (object?)reason, ct), ct));
        group.MapPost("{id}/restart", RestartAsync);
        group.MapPost("{id}/rewind", () => Results.Problem("Rewind is not supported by the embedded host. Use restart.", statusCode: StatusCodes.Status501NotImplemented));
        group.MapPost("{id}/suspend", (string id, string? reason, DurableTaskClient client, CancellationToken ct) => SteerAsync(id, client, () => client.SuspendInstanceAsync(id, reason, ct), ct));
        group.MapPost("{id}/resume", (string id, string? reason, DurableTaskClient client, CancellationToken ct) => SteerAsync(id, client, () => client.ResumeInstanceAsync(id, reason, ct), ct));
    }

    private static async Task<IResult> RestartAsync(string id, bool? restartWithNewInstanceId, HttpRequest request, DurableTaskClient client, CancellationToken ct)
    {
        try
        {
            var restarted = await client.RestartAsync(id, restartWithNewInstanceId ?? true, ct);
            var payload = ManagementAddresses.Of(client, restarted, new Uri($"{request.Scheme}://{request.Host}"));
            request.HttpContext.Response.Headers.RetryAfter = "10";
            return Results.Accepted(payload.StatusQueryGetUri, payload);
        }
        catch (ArgumentException)
        {
            return Results.NotFound();
        }
        catch (InvalidOperationException e)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status409Conflict);
        }
    }

    private static async Task<IResult> GetAsync(string id, bool? showInput, bool? showHistory, bool? showHistoryOutput, HttpContext http, DurableTaskClient client, CancellationToken ct)
    {
        if (await client.GetInstanceAsync(id, getInputsAndOutputs: true, ct) is not { } instance)
        {
            return Results.NotFound();
        }

        var description = InstanceDescription.Of(instance, showInput ?? true);
        if (showHistory == true)
        {
            var events = await client.GetOrchestrationHistoryAsync(id, ct);
            description["historyEvents"] = new JsonArray([.. events.OfType<RecordedEvent>().Select(e => InstanceDescription.OfEvent(e, showHistoryOutput == true))]);
        }

        if (instance.IsCompleted)
        {
            return Results.Json(description);
        }

        http.Response.Headers.Location = http.Request.Path + http.Request.QueryString;
        http.Response.Headers.RetryAfter = "10";
        return Results.Json(description, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ListAsync(string? runtimeStatus, DateTimeOffset? createdTimeFrom, DateTimeOffset? createdTimeTo, string? instanceIdPrefix, int? top, bool? showInput, HttpContext http, DurableTaskClient client)
    {
        var query = new OrchestrationQuery(createdTimeFrom, createdTimeTo, Statuses(runtimeStatus), null, instanceIdPrefix, top ?? OrchestrationQuery.DefaultPageSize, true, http.Request.Headers["x-ms-continuation-token"].FirstOrDefault());
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages(query.ContinuationToken, query.PageSize))
        {
            if (page.ContinuationToken is { } more)
            {
                http.Response.Headers["x-ms-continuation-token"] = more;
            }

            return Results.Json(new JsonArray([.. page.Values.Select(i => InstanceDescription.Of(i, showInput ?? false))]));
        }

        return Results.Json(new JsonArray());
    }

    private static async Task<IResult> RaiseEventAsync(string id, string name, HttpRequest request, DurableTaskClient client, CancellationToken ct)
    {
        if (await client.GetInstanceAsync(id, ct) is not { } instance)
        {
            return Results.NotFound();
        }

        if (instance.IsCompleted)
        {
            return Results.StatusCode(StatusCodes.Status410Gone);
        }

        try
        {
            var payload = request.ContentLength is 0 ? null : await JsonNode.ParseAsync(request.Body, cancellationToken: ct);
            await client.RaiseEventAsync(id, name, payload, ct);
            return Results.Accepted();
        }
        catch (JsonException)
        {
            return Results.BadRequest("The body is not valid JSON.");
        }
    }

    private static async Task<IResult> SteerAsync(string id, DurableTaskClient client, Func<Task> steer, CancellationToken ct)
    {
        if (await client.GetInstanceAsync(id, ct) is not { } instance)
        {
            return Results.NotFound();
        }

        if (instance.IsCompleted)
        {
            return Results.StatusCode(StatusCodes.Status410Gone);
        }

        await steer();
        return Results.Accepted();
    }

    private static async Task<IResult> PurgeAsync(string id, DurableTaskClient client, CancellationToken ct)
    {
        var purged = await client.PurgeInstanceAsync(id, cancellation: ct);
        return purged.PurgedInstanceCount == 0 ? Results.NotFound() : Results.Json(new JsonObject { ["instancesDeleted"] = purged.PurgedInstanceCount });
    }

    private static async Task<IResult> PurgeManyAsync(DateTimeOffset? createdTimeFrom, DateTimeOffset? createdTimeTo, string? runtimeStatus, DurableTaskClient client, CancellationToken ct)
    {
        var purged = await client.PurgeAllInstancesAsync(new PurgeInstancesFilter(createdTimeFrom, createdTimeTo, Statuses(runtimeStatus)), ct);
        return purged.PurgedInstanceCount == 0 ? Results.NotFound() : Results.Json(new JsonObject { ["instancesDeleted"] = purged.PurgedInstanceCount });
    }

    private static List<OrchestrationRuntimeStatus>? Statuses(string? text) =>
        text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(s => Enum.TryParse<OrchestrationRuntimeStatus>(s, ignoreCase: true, out var status) ? status : (OrchestrationRuntimeStatus?)null)
            .OfType<OrchestrationRuntimeStatus>().ToList();
}
